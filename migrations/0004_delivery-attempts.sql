CREATE TABLE "delivery_attempts" (
	"seq" bigserial PRIMARY KEY NOT NULL,
	"account_id" bigint NOT NULL,
	"delivery" text NOT NULL,
	"by" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"status" integer,
	"detail" text NOT NULL,
	"duration_ms" integer NOT NULL,
	"answer" text,
	"sealed" "bytea"
);
--> statement-breakpoint
CREATE TABLE "endpoints" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"account_id" bigint NOT NULL,
	"url" text NOT NULL,
	"failures" integer NOT NULL,
	"failing_since" timestamp with time zone NOT NULL,
	"detail" text NOT NULL,
	"paused_at" timestamp with time zone,
	"prober" text,
	"probes" integer DEFAULT 0 NOT NULL,
	"probe_at" timestamp with time zone,
	CONSTRAINT "endpoints_accountId_url_unique" UNIQUE("account_id","url")
);
--> statement-breakpoint
ALTER TABLE "deliveries" ADD COLUMN "url" text;--> statement-breakpoint
CREATE INDEX "delivery_attempts_delivery_seq_index" ON "delivery_attempts" USING btree ("delivery","seq");