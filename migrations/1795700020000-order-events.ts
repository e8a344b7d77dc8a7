import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Gives each event its place in the one order of all, when its transaction commits: identities are drawn earlier, and two
 * transactions may commit the other way round.
 */
export class OrderEvents1795700020000 implements MigrationInterface {
  name = 'OrderEvents1795700020000';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of UP) await queryRunner.query(statement);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await queryRunner.query(statement);
  }
}

/** Whoever waits for the lock holds all else that it needs already, so that nobody ever waits for it in turn. */
const PLACE_IN_ORDER = `CREATE FUNCTION "place_event_in_order"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('jockey:order-of-events', 0));
  UPDATE "events" SET "position" = nextval('"events_position"') WHERE "id" = NEW."id";
  PERFORM pg_notify('jockey_events', '');
  RETURN NULL;
END $$`;

const UP = [
  `ALTER TABLE "events" ADD "position" bigint`,
  `UPDATE "events" SET "position" = "id"`,
  `CREATE UNIQUE INDEX "events_by_position" ON "events"  ("position")`,
  `CREATE SEQUENCE "events_position" AS bigint`,
  `SELECT setval('"events_position"', (SELECT COALESCE(max("position"), 0) + 1 FROM "events"), false)`,
  PLACE_IN_ORDER,
  `CREATE CONSTRAINT TRIGGER "events_in_order" AFTER INSERT ON "events" DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION "place_event_in_order"()`,
  `ALTER TABLE "events" ALTER COLUMN "subject_id" TYPE text`,
  `CREATE TABLE "event_prunings" ("id" integer NOT NULL, "up_to" bigint NOT NULL, CONSTRAINT "PK_event_prunings" PRIMARY KEY ("id"))`,
];

const DOWN = [
  `DROP TABLE "event_prunings"`,
  `DELETE FROM "events" WHERE "subject_id" !~ '^[0-9]+$'`,
  `ALTER TABLE "events" ALTER COLUMN "subject_id" TYPE bigint USING "subject_id"::bigint`,
  `DROP TRIGGER "events_in_order" ON "events"`,
  `DROP FUNCTION "place_event_in_order"()`,
  `DROP SEQUENCE "events_position"`,
  `DROP INDEX "events_by_position"`,
  `ALTER TABLE "events" DROP COLUMN "position"`,
];
