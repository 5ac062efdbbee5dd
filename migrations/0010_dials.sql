CREATE TABLE "dial_days" (
	"account_id" bigint NOT NULL,
	"day" text NOT NULL,
	"dialled" integer NOT NULL,
	CONSTRAINT "dial_days_account_id_day_pk" PRIMARY KEY("account_id","day")
);
--> statement-breakpoint
CREATE TABLE "dials" (
	"id" uuid PRIMARY KEY NOT NULL,
	"account_id" bigint NOT NULL,
	"day" text NOT NULL
);
--> statement-breakpoint
CREATE INDEX "dials_account_id_day_index" ON "dials" USING btree ("account_id","day");