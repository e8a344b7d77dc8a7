import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Finds what ended lately without reading all history, and remembers the trace that a build or deploy was asked for in. */
export class FindWhatHasEnded1795700040000 implements MigrationInterface {
  name = 'FindWhatHasEnded1795700040000';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of UP) await queryRunner.query(statement);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await queryRunner.query(statement);
  }
}

const UP = [
  `CREATE INDEX "builds_by_completion" ON "builds"  ("completed_at")`,
  `CREATE INDEX "builds_by_start" ON "builds"  ("started_at")`,
  `CREATE INDEX "deploys_by_completion" ON "deploys"  ("completed_at")`,
  `CREATE INDEX "deploys_current" ON "deploys"  ("app_id", "environment_id") WHERE state = 'deployed'`,
  `CREATE INDEX "deploys_open" ON "deploys"  ("created_at") WHERE state IN ('created', 'building', 'deploying')`,
  `CREATE INDEX "instances_by_health" ON "instances"  ("healthy_at")`,
  `CREATE INDEX "reconciles_by_completion" ON "reconciles"  ("completed_at")`,
  `ALTER TABLE "builds" ADD "traceparent" text`,
  `ALTER TABLE "deploys" ADD "traceparent" text`,
];

const DOWN = [
  `ALTER TABLE "deploys" DROP COLUMN "traceparent"`,
  `ALTER TABLE "builds" DROP COLUMN "traceparent"`,
  `DROP INDEX "reconciles_by_completion"`,
  `DROP INDEX "instances_by_health"`,
  `DROP INDEX "deploys_open"`,
  `DROP INDEX "deploys_current"`,
  `DROP INDEX "deploys_by_completion"`,
  `DROP INDEX "builds_by_start"`,
  `DROP INDEX "builds_by_completion"`,
];
