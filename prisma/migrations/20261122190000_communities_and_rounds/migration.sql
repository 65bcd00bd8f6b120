-- CreateEnum
CREATE TYPE "role" AS ENUM ('worker', 'head', 'assessor', 'admin');

-- CreateEnum
CREATE TYPE "round_mode" AS ENUM ('shared', 'individual');

-- CreateEnum
CREATE TYPE "round_status" AS ENUM ('draft', 'published', 'closed', 'archived');

-- CreateEnum
CREATE TYPE "assessment_status" AS ENUM ('open', 'submitted');

-- CreateEnum
CREATE TYPE "delivery_status" AS ENUM ('pending', 'sent', 'failed', 'skipped');

-- DropForeignKey
ALTER TABLE "person" DROP CONSTRAINT "person_community_id_fkey";

-- DropForeignKey
ALTER TABLE "sheet" DROP CONSTRAINT "sheet_community_id_fkey";

-- DropIndex
DROP INDEX "sheet_community_id_idx";

-- AlterTable
ALTER TABLE "community" ADD COLUMN     "archived_at" TIMESTAMPTZ(3),
ADD COLUMN     "grids" INTEGER,
ADD COLUMN     "households" INTEGER,
ADD COLUMN     "street" TEXT NOT NULL DEFAULT '',
ADD COLUMN     "time_zone" TEXT NOT NULL DEFAULT 'Asia/Shanghai';

-- AlterTable
ALTER TABLE "person" DROP COLUMN "community_id",
ADD COLUMN     "name" TEXT;

-- AlterTable
ALTER TABLE "sheet" DROP COLUMN "community_id",
ADD COLUMN     "assessment_id" TEXT;

-- CreateTable
CREATE TABLE "membership" (
    "id" TEXT NOT NULL,
    "person_id" TEXT NOT NULL,
    "role" "role" NOT NULL,
    "community_id" TEXT,
    "posts" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "joined_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "membership_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "invitation" (
    "id" TEXT NOT NULL,
    "code_hash" TEXT NOT NULL,
    "role" "role" NOT NULL,
    "community_id" TEXT,
    "max_uses" INTEGER,
    "uses" INTEGER NOT NULL DEFAULT 0,
    "expires_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),
    "created_by" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "invitation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "wrong_code" (
    "address" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "wrong_code_pkey" PRIMARY KEY ("address","at")
);

-- CreateTable
CREATE TABLE "round" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "rubric_hash" TEXT NOT NULL,
    "mode" "round_mode" NOT NULL,
    "status" "round_status" NOT NULL DEFAULT 'draft',
    "opens_at" TIMESTAMPTZ(3) NOT NULL,
    "deadline" TIMESTAMPTZ(3) NOT NULL,
    "time_zone" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "median" DECIMAL(12,6),
    "submitted" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "round_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "assessment" (
    "id" TEXT NOT NULL,
    "round_id" TEXT NOT NULL,
    "community_id" TEXT NOT NULL,
    "status" "assessment_status" NOT NULL DEFAULT 'open',
    "submitted_at" TIMESTAMPTZ(3),
    "submitted_by" TEXT,
    "result" JSONB,
    "result_rows" INTEGER NOT NULL DEFAULT 0,
    "result_at" TIMESTAMPTZ(3),

    CONSTRAINT "assessment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "assignment" (
    "assessment_id" TEXT NOT NULL,
    "indicator_id" TEXT NOT NULL,
    "person_id" TEXT NOT NULL,
    "by_person" TEXT,
    "why" TEXT,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "assignment_pkey" PRIMARY KEY ("assessment_id","indicator_id")
);

-- CreateTable
CREATE TABLE "returned" (
    "assessment_id" TEXT NOT NULL,
    "question_id" TEXT NOT NULL,
    "revision" INTEGER NOT NULL,
    "comment" TEXT NOT NULL,
    "by_person" TEXT,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "returned_pkey" PRIMARY KEY ("assessment_id","question_id","revision")
);

-- CreateTable
CREATE TABLE "clash" (
    "sheet_id" TEXT NOT NULL,
    "question_id" TEXT NOT NULL,
    "revision" INTEGER NOT NULL,
    "person_id" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "stands_person" TEXT,
    "stands_value" TEXT,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "settled_at" TIMESTAMPTZ(3),

    CONSTRAINT "clash_pkey" PRIMARY KEY ("sheet_id","question_id","revision","person_id","value")
);

-- CreateTable
CREATE TABLE "audit" (
    "id" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "person_id" TEXT,
    "action" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "community_id" TEXT,
    "before" JSONB,
    "after" JSONB,

    CONSTRAINT "audit_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "delivery" (
    "id" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "person_id" TEXT NOT NULL,
    "content" JSONB NOT NULL,
    "status" "delivery_status" NOT NULL DEFAULT 'pending',
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "claimed_until" TIMESTAMPTZ(3),
    "settled_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "delivery_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "membership_community_id_idx" ON "membership"("community_id");

-- CreateIndex
CREATE UNIQUE INDEX "invitation_code_hash_key" ON "invitation"("code_hash");

-- CreateIndex
CREATE INDEX "invitation_community_id_idx" ON "invitation"("community_id");

-- CreateIndex
CREATE INDEX "assessment_community_id_idx" ON "assessment"("community_id");

-- CreateIndex
CREATE UNIQUE INDEX "assessment_round_id_community_id_key" ON "assessment"("round_id", "community_id");

-- CreateIndex
CREATE INDEX "assignment_person_id_idx" ON "assignment"("person_id");

-- CreateIndex
CREATE INDEX "audit_at_idx" ON "audit"("at");

-- CreateIndex
CREATE UNIQUE INDEX "delivery_key_key" ON "delivery"("key");

-- CreateIndex
CREATE INDEX "delivery_status_due_at_idx" ON "delivery"("status", "due_at");

-- CreateIndex
CREATE INDEX "delivery_person_id_status_idx" ON "delivery"("person_id", "status");

-- CreateIndex
CREATE UNIQUE INDEX "community_street_name_key" ON "community"("street", "name");

-- CreateIndex
CREATE INDEX "sheet_assessment_id_idx" ON "sheet"("assessment_id");

-- AddForeignKey
ALTER TABLE "membership" ADD CONSTRAINT "membership_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "membership" ADD CONSTRAINT "membership_community_id_fkey" FOREIGN KEY ("community_id") REFERENCES "community"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "invitation" ADD CONSTRAINT "invitation_community_id_fkey" FOREIGN KEY ("community_id") REFERENCES "community"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "assessment" ADD CONSTRAINT "assessment_round_id_fkey" FOREIGN KEY ("round_id") REFERENCES "round"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "assessment" ADD CONSTRAINT "assessment_community_id_fkey" FOREIGN KEY ("community_id") REFERENCES "community"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "assignment" ADD CONSTRAINT "assignment_assessment_id_fkey" FOREIGN KEY ("assessment_id") REFERENCES "assessment"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "assignment" ADD CONSTRAINT "assignment_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "returned" ADD CONSTRAINT "returned_assessment_id_fkey" FOREIGN KEY ("assessment_id") REFERENCES "assessment"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "clash" ADD CONSTRAINT "clash_sheet_id_fkey" FOREIGN KEY ("sheet_id") REFERENCES "sheet"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "delivery" ADD CONSTRAINT "delivery_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sheet" ADD CONSTRAINT "sheet_assessment_id_fkey" FOREIGN KEY ("assessment_id") REFERENCES "assessment"("id") ON DELETE RESTRICT ON UPDATE CASCADE;


-- By hand, because Prisma's schema cannot say it:

-- A person holds a role once in a community, and once in the district (PostgreSQL 15 or later).
CREATE UNIQUE INDEX "membership_person_id_role_community_id_key" ON "membership"("person_id", "role", "community_id") NULLS NOT DISTINCT;

-- Workers and heads belong to a community; admins to none of them, because theirs is the district.
ALTER TABLE "membership" ADD CONSTRAINT "membership_scope_check"
  CHECK (("role" = 'admin' AND "community_id" IS NULL) OR "role" = 'assessor' OR ("role" IN ('worker', 'head') AND "community_id" IS NOT NULL));
ALTER TABLE "invitation" ADD CONSTRAINT "invitation_scope_check"
  CHECK (("role" = 'admin' AND "community_id" IS NULL) OR "role" = 'assessor' OR ("role" IN ('worker', 'head') AND "community_id" IS NOT NULL));
ALTER TABLE "invitation" ADD CONSTRAINT "invitation_uses_check" CHECK ("uses" >= 0 AND ("max_uses" IS NULL OR "uses" <= "max_uses"));

-- A round ends after it has begun.
ALTER TABLE "round" ADD CONSTRAINT "round_instants_check" CHECK ("opens_at" < "deadline");

-- A submitted assessment has its instant, and no other has one.
ALTER TABLE "assessment" ADD CONSTRAINT "assessment_submitted_at_check" CHECK (("status" = 'submitted') = ("submitted_at" IS NOT NULL));

-- The open links of the first version put everybody into one community; now they lead to practice sheets.
DELETE FROM "community" WHERE "id" = 'demo';
