import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What happened, who wants to be told of it, and what is on its way to them. */
export class AddNotifications1795400060000 implements MigrationInterface {
  name = 'AddNotifications1795400060000';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of UP) await queryRunner.query(statement);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP TABLE "deliveries", "events", "notification_targets"`);
  }
}

const UP = [
  `CREATE TABLE "events" ("id" bigint GENERATED ALWAYS AS IDENTITY NOT NULL, "kind" text NOT NULL, "app_id" bigint, "environment_id" bigint, "subject" text NOT NULL, "subject_id" bigint NOT NULL, "data" jsonb NOT NULL, "at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT clock_timestamp(), CONSTRAINT "PK_40731c7151fe4be3116e45ddf73" PRIMARY KEY ("id"))`,
  `CREATE INDEX "events_by_time" ON "events"  ("at")`,
  `CREATE INDEX "events_by_subject" ON "events"  ("subject", "subject_id")`,
  `CREATE TABLE "notification_targets" ("id" bigint GENERATED ALWAYS AS IDENTITY NOT NULL, "app_id" bigint, "kind" text NOT NULL, "url" jsonb NOT NULL, "url_host" text NOT NULL, "secret" jsonb, "events" text array NOT NULL, "enabled" boolean NOT NULL DEFAULT true, "version" integer NOT NULL DEFAULT '1', "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(), "updated_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(), CONSTRAINT "PK_b9311bc63b4c17b1dd895b511fb" PRIMARY KEY ("id"))`,
  `ALTER TABLE "notification_targets" ADD CONSTRAINT "FK_dc14bb4865c061270dfedca5e05" FOREIGN KEY ("app_id") REFERENCES "apps"("id") ON DELETE NO ACTION ON UPDATE NO ACTION`,
  `CREATE TABLE "deliveries" ("id" bigint GENERATED ALWAYS AS IDENTITY NOT NULL, "event_id" bigint NOT NULL, "channel" text NOT NULL, "key" text NOT NULL DEFAULT '', "target_id" bigint, "lane" text, "app_id" bigint, "environment_id" bigint, "payload" jsonb NOT NULL DEFAULT '{}', "state" text NOT NULL DEFAULT 'waiting', "attempts" jsonb NOT NULL DEFAULT '[]', "failed_attempts" integer NOT NULL DEFAULT '0', "next_attempt_at" TIMESTAMP(3) WITH TIME ZONE DEFAULT now(), "holder" text, "held_until" TIMESTAMP(3) WITH TIME ZONE, "last_status" integer, "last_error" text, "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(), "settled_at" TIMESTAMP(3) WITH TIME ZONE, CONSTRAINT "PK_a6ef225c5c5f0974e503bfb731f" PRIMARY KEY ("id"))`,
  `CREATE INDEX "deliveries_by_time" ON "deliveries"  ("created_at")`,
  `CREATE UNIQUE INDEX "deliveries_once" ON "deliveries"  ("event_id", "channel", "key")`,
  `CREATE INDEX "deliveries_by_lane" ON "deliveries"  ("lane") WHERE state = 'waiting'`,
  `CREATE INDEX "deliveries_due" ON "deliveries"  ("next_attempt_at") WHERE state = 'waiting'`,
];
