import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How images are made, how builds wait and end, and which step a line of a log belongs to. */
export class AddBuildMethods1795500010000 implements MigrationInterface {
  name = 'AddBuildMethods1795500010000';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of UP) await queryRunner.query(statement);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await queryRunner.query(statement);
  }
}

const UP = [
  `ALTER TABLE "apps" ADD "build_method" text NOT NULL DEFAULT 'auto', ADD "dockerfile" text NOT NULL DEFAULT 'Dockerfile', ADD "build_context" text NOT NULL DEFAULT '.', ADD "build_target" text, ADD "build_args" jsonb NOT NULL DEFAULT '{}', ADD "builder_image" text, ADD "build_queue" text NOT NULL DEFAULT 'all', ADD "build_timeout_minutes" integer`,
  `ALTER TABLE "builds" ADD "phase" text NOT NULL DEFAULT 'queued', ADD "outcome" text, ADD "branch" text, ADD "requested_by" text, ADD "method" text, ADD "method_reason" text, ADD "process_types" jsonb NOT NULL DEFAULT '[]', ADD "provenance" jsonb, ADD "host_losses" integer NOT NULL DEFAULT '0', ADD "cancel_requested_at" TIMESTAMP(3) WITH TIME ZONE, ADD "cancel_reason" text, ADD "log_removed_at" TIMESTAMP(3) WITH TIME ZONE, ADD "image_removed_at" TIMESTAMP(3) WITH TIME ZONE, ADD "started_at" TIMESTAMP(3) WITH TIME ZONE`,
  // Until now every image was made of a Dockerfile, and a build that ended had succeeded or failed.
  `UPDATE "builds" SET "phase" = 'settled', "outcome" = CASE "state" WHEN 'completed' THEN 'succeeded' ELSE 'failed' END, "method" = 'dockerfile', "method_reason" = 'the only way when it was built' WHERE "state" <> 'in_progress'`,
  `DROP INDEX "builds_one_per_app_sha"`,
  `CREATE UNIQUE INDEX "builds_one_per_app_sha" ON "builds"  ("app_id", "rref") WHERE state <> 'failed' AND image_removed_at IS NULL`,
  `ALTER TABLE "log_lines" ADD "stream" text, ADD "step" text`,
];

const DOWN = [
  `ALTER TABLE "log_lines" DROP "stream", DROP "step"`,
  `DROP INDEX "builds_one_per_app_sha"`,
  `CREATE UNIQUE INDEX "builds_one_per_app_sha" ON "builds"  ("app_id", "rref") WHERE state <> 'failed'`,
  `ALTER TABLE "builds" DROP "phase", DROP "outcome", DROP "branch", DROP "requested_by", DROP "method", DROP "method_reason", DROP "process_types", DROP "provenance", DROP "host_losses", DROP "cancel_requested_at", DROP "cancel_reason", DROP "log_removed_at", DROP "image_removed_at", DROP "started_at"`,
  `ALTER TABLE "apps" DROP "build_method", DROP "dockerfile", DROP "build_context", DROP "build_target", DROP "build_args", DROP "builder_image", DROP "build_queue", DROP "build_timeout_minutes"`,
];
