CREATE TABLE "accounts" (
	"id" bigint PRIMARY KEY NOT NULL,
	"seq" bigserial NOT NULL,
	"document" json NOT NULL,
	"security_id" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "accounts_securityId_unique" UNIQUE("security_id")
);
--> statement-breakpoint
CREATE TABLE "agents" (
	"account_id" bigint NOT NULL,
	"number" text NOT NULL,
	"seq" bigserial NOT NULL,
	"dialled" text NOT NULL,
	"name" text,
	"paused" boolean DEFAULT false NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "agents_account_id_number_pk" PRIMARY KEY("account_id","number")
);
--> statement-breakpoint
CREATE TABLE "api_keys" (
	"id" text PRIMARY KEY NOT NULL,
	"seq" bigserial NOT NULL,
	"account_id" bigint NOT NULL,
	"name" text NOT NULL,
	"hash" text NOT NULL,
	"scopes" text[] NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "call_reports" (
	"call" text PRIMARY KEY NOT NULL,
	"seq" bigserial NOT NULL,
	"account_id" bigint NOT NULL,
	"flow_id" text NOT NULL,
	"flow_version" integer,
	"uuid" uuid NOT NULL,
	"direction" text NOT NULL,
	"from" text NOT NULL,
	"to" text NOT NULL,
	"outcome" text NOT NULL,
	"error" json,
	"path" json NOT NULL,
	"persisted" json NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "contacts" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"seq" bigserial NOT NULL,
	"account_id" bigint NOT NULL,
	"number" text NOT NULL,
	"variables" json NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "contacts_accountId_number_unique" UNIQUE("account_id","number")
);
--> statement-breakpoint
CREATE TABLE "deliveries" (
	"id" text PRIMARY KEY NOT NULL,
	"seq" bigserial NOT NULL,
	"account_id" bigint NOT NULL,
	"call" text NOT NULL,
	"state" text NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"detail" text DEFAULT '' NOT NULL,
	"delivery" json NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "flow_versions" (
	"account_id" bigint NOT NULL,
	"flow_id" text NOT NULL,
	"version" integer NOT NULL,
	"document" json NOT NULL,
	"checksum" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "flow_versions_account_id_flow_id_version_pk" PRIMARY KEY("account_id","flow_id","version")
);
--> statement-breakpoint
CREATE TABLE "flows" (
	"account_id" bigint NOT NULL,
	"id" text NOT NULL,
	"seq" bigserial NOT NULL,
	"name" text NOT NULL,
	"type" text NOT NULL,
	"published" integer,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "flows_account_id_id_pk" PRIMARY KEY("account_id","id")
);
--> statement-breakpoint
CREATE TABLE "idempotent_answers" (
	"account_id" bigint NOT NULL,
	"key" text NOT NULL,
	"request" text NOT NULL,
	"status" integer,
	"body" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "idempotent_answers_account_id_key_pk" PRIMARY KEY("account_id","key")
);
--> statement-breakpoint
CREATE TABLE "links" (
	"code" text PRIMARY KEY NOT NULL,
	"seq" bigserial NOT NULL,
	"account_id" bigint NOT NULL,
	"url" text NOT NULL,
	"visits" bigint DEFAULT 0 NOT NULL,
	"origin" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "links_origin_unique" UNIQUE("origin")
);
--> statement-breakpoint
CREATE TABLE "outbound_calls" (
	"id" uuid PRIMARY KEY NOT NULL,
	"seq" bigserial NOT NULL,
	"request_id" uuid NOT NULL,
	"account_id" bigint NOT NULL,
	"client_identifier" text,
	"numbers" text[] NOT NULL,
	"variables" json NOT NULL,
	"start_at" timestamp with time zone NOT NULL,
	"state" text DEFAULT 'waiting' NOT NULL,
	"call" text,
	"outcome" text,
	"refusal" text,
	"placed_at" timestamp with time zone,
	"ended_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "outbound_requests" (
	"id" uuid PRIMARY KEY NOT NULL,
	"seq" bigserial NOT NULL,
	"account_id" bigint NOT NULL,
	"flow_id" text NOT NULL,
	"flow_version" integer,
	"checksum" text,
	"origin" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "outbound_requests_origin_unique" UNIQUE("origin"),
	CONSTRAINT "outbound_requests_accountId_checksum_unique" UNIQUE("account_id","checksum")
);
--> statement-breakpoint
CREATE TABLE "publications" (
	"seq" bigserial PRIMARY KEY NOT NULL,
	"account_id" bigint NOT NULL,
	"flow_id" text NOT NULL,
	"version" integer NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "outbound_calls" ADD CONSTRAINT "outbound_calls_request_id_outbound_requests_id_fk" FOREIGN KEY ("request_id") REFERENCES "public"."outbound_requests"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "api_keys_account_id_seq_index" ON "api_keys" USING btree ("account_id","seq");--> statement-breakpoint
CREATE INDEX "call_reports_account_id_seq_index" ON "call_reports" USING btree ("account_id","seq");--> statement-breakpoint
CREATE INDEX "call_reports_account_id_flow_id_seq_index" ON "call_reports" USING btree ("account_id","flow_id","seq");--> statement-breakpoint
CREATE INDEX "contacts_account_id_seq_index" ON "contacts" USING btree ("account_id","seq");--> statement-breakpoint
CREATE INDEX "deliveries_account_id_state_seq_index" ON "deliveries" USING btree ("account_id","state","seq");--> statement-breakpoint
CREATE INDEX "flows_account_id_seq_index" ON "flows" USING btree ("account_id","seq");--> statement-breakpoint
CREATE INDEX "idempotent_answers_created_at_index" ON "idempotent_answers" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "links_account_id_seq_index" ON "links" USING btree ("account_id","seq");--> statement-breakpoint
CREATE INDEX "outbound_calls_request_id_seq_index" ON "outbound_calls" USING btree ("request_id","seq");--> statement-breakpoint
CREATE INDEX "outbound_calls_due" ON "outbound_calls" USING btree ("account_id","start_at") WHERE "outbound_calls"."state" in ('waiting', 'placing');--> statement-breakpoint
CREATE UNIQUE INDEX "outbound_calls_call" ON "outbound_calls" USING btree ("call");--> statement-breakpoint
CREATE INDEX "outbound_requests_account_id_seq_index" ON "outbound_requests" USING btree ("account_id","seq");--> statement-breakpoint
CREATE INDEX "publications_account_id_flow_id_seq_index" ON "publications" USING btree ("account_id","flow_id","seq");