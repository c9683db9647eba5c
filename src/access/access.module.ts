import { Global, Module } from '@nestjs/common';
import { Access } from './access.js';
import { KeyRing } from './key-ring.js';
import { Tokens } from './tokens.js';

/** Who may come in. Global, because every door asks. */
@Global()
@Module({ providers: [KeyRing, Tokens, Access], exports: [Access] })
export class AccessModule {}
