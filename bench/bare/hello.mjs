import 'reflect-metadata';
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { DataSource } from 'typeorm';

/** The least service of this stack: Nest on Fastify with TypeORM on the same database, and one answer. */
class Hello {
  ready() {
    return { status: 'hello' };
  }
}
Get('health/ready')(Hello.prototype, 'ready', Object.getOwnPropertyDescriptor(Hello.prototype, 'ready'));
Controller()(Hello);

class HelloModule {}
const dataSource = {
  provide: DataSource,
  useFactory: () => new DataSource({ type: 'postgres', url: process.env.DATABASE_URL }).initialize(),
};
Module({ controllers: [Hello], providers: [dataSource] })(HelloModule);

const app = await NestFactory.create(HelloModule, new FastifyAdapter(), { logger: ['error'] });
process.on('SIGTERM', () => void app.close().then(() => process.exit(0)));
await app.listen(Number(process.env.PORT), '127.0.0.1');
