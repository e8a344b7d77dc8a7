import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who people of a chat are on GitHub, and where deploys that they asked for are told of. */
export class AddChatLinks1795400070000 implements MigrationInterface {
  name = 'AddChatLinks1795400070000';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of UP) await queryRunner.query(statement);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of ['chat_requests', 'chat_threads', 'chat_link_codes', 'chat_links'])
      await queryRunner.query(`DROP TABLE "${table}"`);
  }
}

const UP = [
  `CREATE TABLE "chat_links" ("id" bigint GENERATED ALWAYS AS IDENTITY NOT NULL, "team_id" text NOT NULL, "user_id" text NOT NULL, "login" text NOT NULL, "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(), CONSTRAINT "PK_6227b1712db6f78a784358109b8" PRIMARY KEY ("id"))`,
  `CREATE UNIQUE INDEX "chat_links_one_per_user" ON "chat_links"  ("team_id", "user_id")`,
  `CREATE TABLE "chat_link_codes" ("digest" text NOT NULL, "login" text NOT NULL, "expires_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL, CONSTRAINT "PK_db5b7615b1c2bccf817820b6825" PRIMARY KEY ("digest"))`,
  `CREATE TABLE "chat_threads" ("id" bigint GENERATED ALWAYS AS IDENTITY NOT NULL, "deploy_id" bigint NOT NULL, "channel" text NOT NULL, "message" text, "response_url" jsonb, "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(), CONSTRAINT "PK_973a81c0adb9b18a5ea3ef95bf8" PRIMARY KEY ("id"))`,
  `CREATE INDEX "chat_threads_by_deploy" ON "chat_threads"  ("deploy_id")`,
  `CREATE TABLE "chat_requests" ("digest" text NOT NULL, "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(), CONSTRAINT "PK_5f34b34552d385f47b5c0824ef8" PRIMARY KEY ("digest"))`,
  `ALTER TABLE "chat_threads" ADD CONSTRAINT "FK_9229ff9b1d9ccb64bf45f8e91b8" FOREIGN KEY ("deploy_id") REFERENCES "deploys"("id") ON DELETE NO ACTION ON UPDATE NO ACTION`,
];
