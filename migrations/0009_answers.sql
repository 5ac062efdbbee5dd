CREATE TABLE "contract_counts" (
	"account_id" bigint NOT NULL,
	"flow_id" text NOT NULL,
	"widget" text NOT NULL,
	"bucket" timestamp with time zone NOT NULL,
	"answers" integer NOT NULL,
	"mismatches" integer NOT NULL,
	CONSTRAINT "contract_counts_account_id_flow_id_widget_bucket_pk" PRIMARY KEY("account_id","flow_id","widget","bucket")
);
--> statement-breakpoint
CREATE TABLE "kept_answers" (
	"account_id" bigint NOT NULL,
	"key" text NOT NULL,
	"contact" text,
	"answer" text,
	"sensitive" boolean NOT NULL,
	"sealed" "bytea",
	"kept_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	CONSTRAINT "kept_answers_account_id_key_pk" PRIMARY KEY("account_id","key")
);
--> statement-breakpoint
CREATE INDEX "contract_counts_bucket_index" ON "contract_counts" USING btree ("bucket");--> statement-breakpoint
CREATE INDEX "kept_answers_account_id_contact_index" ON "kept_answers" USING btree ("account_id","contact");--> statement-breakpoint
CREATE INDEX "kept_answers_expires_at_index" ON "kept_answers" USING btree ("expires_at");