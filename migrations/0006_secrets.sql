CREATE TABLE "secrets" (
	"account_id" bigint NOT NULL,
	"name" text NOT NULL,
	"sealed" "bytea" NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "secrets_account_id_name_pk" PRIMARY KEY("account_id","name")
);
--> statement-breakpoint
ALTER TABLE "accounts" ADD COLUMN "secrets_anywhere" boolean DEFAULT true NOT NULL;--> statement-breakpoint
ALTER TABLE "audit_log" ADD COLUMN "outcome" text DEFAULT 'changed' NOT NULL;--> statement-breakpoint
ALTER TABLE "audit_log" ADD COLUMN "fields" text[];--> statement-breakpoint
UPDATE "api_keys" SET "scopes" = array_append("scopes", 'flows:publish') WHERE 'flows:write' = ANY("scopes");--> statement-breakpoint
UPDATE "api_keys" SET "scopes" = array_append("scopes", 'calls:private') WHERE 'calls:read' = ANY("scopes") OR 'calls:write' = ANY("scopes");
