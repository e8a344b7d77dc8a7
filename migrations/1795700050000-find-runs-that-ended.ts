import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Finds the runs that ended lately without reading all that ever were. */
export class FindRunsThatEnded1795700050000 implements MigrationInterface {
  name = 'FindRunsThatEnded1795700050000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`CREATE INDEX "runs_by_completion" ON "runs"  ("completed_at")`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP INDEX "runs_by_completion"`);
  }
}
