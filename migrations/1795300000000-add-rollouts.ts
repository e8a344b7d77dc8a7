import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What specs that were frozen before this migration lack; a frozen spec is read as it was written. */
const PLAIN = {
  stopSignal: 'SIGTERM',
  probe: null,
  policy: {
    strategy: 'rolling',
    parallelism: null,
    delaySeconds: 0,
    monitorSeconds: 0,
    progressDeadlineSeconds: 600,
    allowedFailures: 0,
    onFailure: 'revert',
    canaryPercent: 10,
    canaryPauseSeconds: 60,
  },
};

/** Policies of rollouts, releases and holds, waiting deploys, and what an emptied or lost host is known by. */
export class AddRollouts1795300000000 implements MigrationInterface {
  name = 'AddRollouts1795300000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of UP) await queryRunner.query(statement);
    const plain = JSON.stringify(PLAIN);
    await queryRunner.query(`UPDATE "instances" SET "spec" = $1::jsonb || "spec"`, [plain]);
    await queryRunner.query(
      `UPDATE "deploys" SET "workers" = (SELECT jsonb_agg($1::jsonb || spec) FROM jsonb_array_elements("workers") spec)
       WHERE "workers" IS NOT NULL AND "workers" <> '[]'`,
      [plain],
    );
    await queryRunner.query(FIRST_RELEASES);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await queryRunner.query(statement);
  }
}

const UP = [
  `CREATE TABLE "releases" ("id" bigint GENERATED ALWAYS AS IDENTITY NOT NULL, "app_id" bigint NOT NULL, "environment_id" bigint NOT NULL, "number" integer NOT NULL, "deploy_id" bigint NOT NULL, "build_id" bigint NOT NULL, "image" text NOT NULL, "sha" text NOT NULL, "config_version_id" bigint, "workers" jsonb NOT NULL, "kind" text NOT NULL DEFAULT 'deploy', "from_release_id" bigint, "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(), CONSTRAINT "PK_6b6fc2599a5a281dd44a7d64016" PRIMARY KEY ("id"))`,
  `CREATE UNIQUE INDEX "releases_one_per_deploy" ON "releases"  ("deploy_id")`,
  `CREATE UNIQUE INDEX "releases_one_per_number" ON "releases"  ("app_id", "environment_id", "number")`,
  `CREATE TABLE "holds" ("app_id" bigint NOT NULL, "environment_id" bigint NOT NULL, "reason" text NOT NULL, "release_number" integer, "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(), CONSTRAINT "PK_451e51d8ae754466c18d14170a0" PRIMARY KEY ("app_id", "environment_id"))`,
  `ALTER TABLE "apps" ADD "release_command" text NOT NULL DEFAULT '', ADD "release_timeout_seconds" integer NOT NULL DEFAULT '600', ADD "deploy_queue" text NOT NULL DEFAULT 'latest_wins'`,
  `ALTER TABLE "deploys" ADD "kind" text NOT NULL DEFAULT 'deploy', ADD "from_release_id" bigint, ADD "queued" boolean NOT NULL DEFAULT false, ADD "automatic" boolean NOT NULL DEFAULT false, ADD "cancel_requested_at" TIMESTAMP(3) WITH TIME ZONE, ADD "deploying_at" TIMESTAMP(3) WITH TIME ZONE, ADD "failing_at" TIMESTAMP(3) WITH TIME ZONE, ADD "paused_at" TIMESTAMP(3) WITH TIME ZONE, ADD "paused_because" text, ADD "continued_at" TIMESTAMP(3) WITH TIME ZONE, ADD "release_command" jsonb, ADD "probe" jsonb`,
  `ALTER TABLE "hosts" ADD "drain_requested_at" TIMESTAMP(3) WITH TIME ZONE, ADD "lost_since" TIMESTAMP(3) WITH TIME ZONE, ADD "version" integer NOT NULL DEFAULT '1'`,
  `ALTER TABLE "workers" ADD "stop_signal" text NOT NULL DEFAULT 'SIGTERM', ADD "strategy" text NOT NULL DEFAULT 'rolling', ADD "parallelism" integer, ADD "batch_delay_seconds" integer NOT NULL DEFAULT '0', ADD "monitor_seconds" integer NOT NULL DEFAULT '0', ADD "progress_deadline_seconds" integer NOT NULL DEFAULT '600', ADD "allowed_failures" integer NOT NULL DEFAULT '0', ADD "on_failure" text NOT NULL DEFAULT 'revert', ADD "canary_percent" integer NOT NULL DEFAULT '10', ADD "canary_pause_seconds" integer DEFAULT '60', ADD "probe_url" text, ADD "probe_host" text, ADD "probe_allowed_failures" integer`,
  `ALTER TABLE "instances" ADD "wave" integer NOT NULL DEFAULT '0', ADD "standby" boolean NOT NULL DEFAULT false, ADD "live_at" TIMESTAMP(3) WITH TIME ZONE`,
  `ALTER TABLE "reconciles" ADD "restart" jsonb`,
  `ALTER TABLE "releases" ADD CONSTRAINT "FK_ad554b27e999f8837a727834ce1" FOREIGN KEY ("app_id") REFERENCES "apps"("id") ON DELETE NO ACTION ON UPDATE NO ACTION`,
  `ALTER TABLE "releases" ADD CONSTRAINT "FK_7eaa55fb3645d25235cd1f78185" FOREIGN KEY ("environment_id") REFERENCES "environments"("id") ON DELETE NO ACTION ON UPDATE NO ACTION`,
  `ALTER TABLE "releases" ADD CONSTRAINT "FK_be6c0231c62081895798ca2a6d1" FOREIGN KEY ("build_id") REFERENCES "builds"("id") ON DELETE NO ACTION ON UPDATE NO ACTION`,
  `ALTER TABLE "releases" ADD CONSTRAINT "FK_f77c45eb577f3790e90cb10fed8" FOREIGN KEY ("config_version_id") REFERENCES "config_versions"("id") ON DELETE NO ACTION ON UPDATE NO ACTION`,
  `ALTER TABLE "deploys" ADD CONSTRAINT "FK_f2b795e6ed51642e63dd6659ed1" FOREIGN KEY ("from_release_id") REFERENCES "releases"("id") ON DELETE NO ACTION ON UPDATE NO ACTION`,
  `DROP INDEX "deploys_one_in_progress"`,
  `CREATE UNIQUE INDEX "deploys_one_in_progress" ON "deploys"  ("app_id", "environment_id") WHERE state IN ('created', 'building', 'deploying') AND NOT queued`,
  `DROP INDEX "instances_one_per_slot_and_deploy"`,
  `CREATE UNIQUE INDEX "instances_one_per_slot_and_deploy" ON "instances"  ("worker_id", "slot", "deploy_id") WHERE desired = 'running' AND state NOT IN ('stopped', 'failed')`,
  `UPDATE "instances" SET "live_at" = "healthy_at"`,
];

/** What was current before there were releases can be gone back to: it is v1. */
const FIRST_RELEASES = `INSERT INTO "releases"
    ("app_id", "environment_id", "number", "deploy_id", "build_id", "image", "sha", "config_version_id", "workers", "created_at")
  SELECT d."app_id", d."environment_id", 1, d."id", b."id", b."image", b."rref", d."config_version_id",
    COALESCE(d."workers", '[]'), COALESCE(d."completed_at", now())
  FROM "deploys" d JOIN "builds" b ON b."id" = d."build_id"
  WHERE d."state" = 'deployed' AND b."image" IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM "deploys" later WHERE later."app_id" = d."app_id" AND later."state" = 'deployed'
      AND later."environment_id" = d."environment_id" AND later."id" > d."id")`;

const DOWN = [
  `DROP INDEX "deploys_one_in_progress"`,
  `UPDATE "deploys" SET "state" = 'failed', "completed_at" = now() WHERE "queued" AND "state" = 'created'`,
  `CREATE UNIQUE INDEX "deploys_one_in_progress" ON "deploys"  ("app_id", "environment_id") WHERE state IN ('created', 'building', 'deploying')`,
  `DROP INDEX "instances_one_per_slot_and_deploy"`,
  `CREATE INDEX "instances_one_per_slot_and_deploy" ON "instances"  ("worker_id", "slot", "deploy_id") WHERE state NOT IN ('stopped', 'failed')`,
  `ALTER TABLE "deploys" DROP "kind", DROP "from_release_id", DROP "queued", DROP "automatic", DROP "cancel_requested_at", DROP "deploying_at", DROP "failing_at", DROP "paused_at", DROP "paused_because", DROP "continued_at", DROP "release_command", DROP "probe"`,
  `ALTER TABLE "apps" DROP "release_command", DROP "release_timeout_seconds", DROP "deploy_queue"`,
  `ALTER TABLE "hosts" DROP "drain_requested_at", DROP "lost_since", DROP "version"`,
  `ALTER TABLE "workers" DROP "stop_signal", DROP "strategy", DROP "parallelism", DROP "batch_delay_seconds", DROP "monitor_seconds", DROP "progress_deadline_seconds", DROP "allowed_failures", DROP "on_failure", DROP "canary_percent", DROP "canary_pause_seconds", DROP "probe_url", DROP "probe_host", DROP "probe_allowed_failures"`,
  `ALTER TABLE "instances" DROP "wave", DROP "standby", DROP "live_at"`,
  `ALTER TABLE "reconciles" DROP "restart"`,
  `DROP TABLE "holds", "releases"`,
];
