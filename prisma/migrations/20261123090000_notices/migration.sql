-- CreateEnum
CREATE TYPE "notice_status" AS ENUM ('draft', 'confirmed', 'paused', 'cancelled');

-- AlterEnum
-- This migration adds more than one value to an enum.
-- With PostgreSQL versions 11 and earlier, this is not possible
-- in a single migration. This can be worked around by creating
-- multiple migrations, each migration adding only one value to
-- the enum.


ALTER TYPE "delivery_status" ADD VALUE 'blocked';
ALTER TYPE "delivery_status" ADD VALUE 'cancelled';

-- DropIndex
DROP INDEX "delivery_status_due_at_idx";

-- AlterTable
ALTER TABLE "delivery" ADD COLUMN     "address" TEXT,
ADD COLUMN     "bulk" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "claimed_by" TEXT,
ADD COLUMN     "message" TEXT,
ADD COLUMN     "notice_id" TEXT,
ADD COLUMN     "reason" TEXT,
ADD COLUMN     "target_id" TEXT,
ADD COLUMN     "wave" INTEGER NOT NULL DEFAULT 0;

-- CreateTable
CREATE TABLE "notice" (
    "id" TEXT NOT NULL,
    "number" SERIAL NOT NULL,
    "status" "notice_status" NOT NULL DEFAULT 'draft',
    "community_id" TEXT,
    "created_by" TEXT,
    "versions" JSONB NOT NULL,
    "media" JSONB,
    "audience" JSONB NOT NULL,
    "send_at" TIMESTAMPTZ(3),
    "time_zone" TEXT NOT NULL,
    "revision" INTEGER NOT NULL DEFAULT 1,
    "wave" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "confirmed_at" TIMESTAMPTZ(3),
    "withdrawn_at" TIMESTAMPTZ(3),

    CONSTRAINT "notice_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "notice_recipient" (
    "notice_id" TEXT NOT NULL,
    "person_id" TEXT NOT NULL,
    "acknowledged_at" TIMESTAMPTZ(3),

    CONSTRAINT "notice_recipient_pkey" PRIMARY KEY ("notice_id","person_id")
);

-- CreateTable
CREATE TABLE "notice_watch" (
    "notice_id" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "notice_watch_pkey" PRIMARY KEY ("notice_id","address")
);

-- CreateTable
CREATE TABLE "lease" (
    "name" TEXT NOT NULL,
    "holder" TEXT NOT NULL,
    "until" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "lease_pkey" PRIMARY KEY ("name")
);

-- CreateIndex
CREATE UNIQUE INDEX "notice_number_key" ON "notice"("number");

-- CreateIndex
CREATE INDEX "notice_community_id_idx" ON "notice"("community_id");

-- CreateIndex
CREATE INDEX "notice_recipient_person_id_idx" ON "notice_recipient"("person_id");

-- CreateIndex
CREATE INDEX "delivery_status_bulk_due_at_idx" ON "delivery"("status", "bulk", "due_at");

-- CreateIndex
CREATE INDEX "delivery_notice_id_idx" ON "delivery"("notice_id");

-- CreateIndex
CREATE INDEX "delivery_target_id_idx" ON "delivery"("target_id");

-- AddForeignKey
ALTER TABLE "delivery" ADD CONSTRAINT "delivery_notice_id_fkey" FOREIGN KEY ("notice_id") REFERENCES "notice"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "delivery" ADD CONSTRAINT "delivery_target_id_fkey" FOREIGN KEY ("target_id") REFERENCES "delivery"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "notice" ADD CONSTRAINT "notice_community_id_fkey" FOREIGN KEY ("community_id") REFERENCES "community"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "notice_recipient" ADD CONSTRAINT "notice_recipient_notice_id_fkey" FOREIGN KEY ("notice_id") REFERENCES "notice"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "notice_recipient" ADD CONSTRAINT "notice_recipient_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "notice_watch" ADD CONSTRAINT "notice_watch_notice_id_fkey" FOREIGN KEY ("notice_id") REFERENCES "notice"("id") ON DELETE CASCADE ON UPDATE CASCADE;


