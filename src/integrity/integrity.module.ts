import { Module } from '@nestjs/common';
import { BookCheck } from './book-check.js';
import { IntegrityBoard } from './integrity-board.js';
import { IntegrityFindings } from './integrity-findings.js';
import { IntegrityProgress } from './integrity-progress.js';
import { IntegrityRound } from './integrity-round.js';
import { IntegrityVerifier } from './integrity-verifier.js';
import { IntegrityWatch } from './integrity-watch.js';
import { GetIntegrityHandler } from './queries/get-integrity.js';

/** Whether the rows are what the ledger says. */
@Module({
  providers: [
    BookCheck,
    IntegrityBoard,
    IntegrityFindings,
    IntegrityProgress,
    IntegrityRound,
    IntegrityVerifier,
    IntegrityWatch,
    GetIntegrityHandler,
  ],
  exports: [BookCheck, IntegrityBoard, IntegrityVerifier, IntegrityWatch],
})
export class IntegrityModule {}
