import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Keeps the commands that are run once, in containers of their own and in instances. */
export class RunCommands1795700010000 implements MigrationInterface {
  name = 'RunCommands1795700010000';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of UP) await queryRunner.query(statement);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DELETE FROM "log_lines" WHERE "subject" = 'run'`);
    await queryRunner.query(`DROP TABLE "runs"`);
  }
}

const UP = [
  `CREATE TABLE "runs" ("id" bigint GENERATED ALWAYS AS IDENTITY NOT NULL, "kind" text NOT NULL, "app_id" bigint NOT NULL, "environment_id" bigint NOT NULL, "deploy_id" bigint NOT NULL, "release_id" bigint, "instance_id" bigint, "worker" text, "command" jsonb NOT NULL, "interactive" boolean NOT NULL DEFAULT false, "input" boolean NOT NULL DEFAULT false, "detached" boolean NOT NULL DEFAULT false, "columns" integer, "rows" integer, "memory_mb" integer, "cpus" double precision, "time_limit_seconds" integer NOT NULL, "state" text NOT NULL DEFAULT 'waiting', "outcome" text, "exit_code" integer, "signal" text, "failure_reason" text, "waiting_for" text, "host" text, "container_name" text, "exec_id" text, "requested_by" text, "cancel_requested_at" TIMESTAMP(3) WITH TIME ZONE, "stop_reason" text, "stop_at" TIMESTAMP(3) WITH TIME ZONE, "console_seen_at" TIMESTAMP(3) WITH TIME ZONE, "output_at" bigint, "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(), "started_at" TIMESTAMP(3) WITH TIME ZONE, "completed_at" TIMESTAMP(3) WITH TIME ZONE, "removed_at" TIMESTAMP(3) WITH TIME ZONE, CONSTRAINT "PK_46d6a1e257c38ba58f1a3c30836" PRIMARY KEY ("id"))`,
  `CREATE INDEX "runs_by_place" ON "runs"  ("app_id", "environment_id", "id")`,
  `CREATE INDEX "runs_open" ON "runs"  ("app_id") WHERE state IN ('waiting', 'starting', 'running')`,
  `ALTER TABLE "runs" ADD CONSTRAINT "FK_f4b45c254f481d80ef5ea9c5513" FOREIGN KEY ("app_id") REFERENCES "apps"("id") ON DELETE NO ACTION ON UPDATE NO ACTION`,
  `ALTER TABLE "runs" ADD CONSTRAINT "FK_db10a0b3554e789466b58cc4f57" FOREIGN KEY ("environment_id") REFERENCES "environments"("id") ON DELETE NO ACTION ON UPDATE NO ACTION`,
  `ALTER TABLE "runs" ADD CONSTRAINT "FK_08ece69669ba136c984d0ca6779" FOREIGN KEY ("deploy_id") REFERENCES "deploys"("id") ON DELETE NO ACTION ON UPDATE NO ACTION`,
  `ALTER TABLE "runs" ADD CONSTRAINT "FK_e906e68f66c6e368fa2c9e3c21c" FOREIGN KEY ("release_id") REFERENCES "releases"("id") ON DELETE NO ACTION ON UPDATE NO ACTION`,
  `ALTER TABLE "runs" ADD CONSTRAINT "FK_147a4bceed734c6eeeb41df506b" FOREIGN KEY ("instance_id") REFERENCES "instances"("id") ON DELETE NO ACTION ON UPDATE NO ACTION`,
];
