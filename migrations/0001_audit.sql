CREATE TABLE "audit_log" (
	"seq" bigserial PRIMARY KEY NOT NULL,
	"account_id" bigint NOT NULL,
	"by" text NOT NULL,
	"action" text NOT NULL,
	"target" json NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE INDEX "audit_log_account_id_seq_index" ON "audit_log" USING btree ("account_id","seq");