-- One open practice sheet a person. Where two inputs had begun one each, the fuller one stays, of equals the newer.
-- Nobody begins another one meanwhile.
LOCK TABLE "sheet" IN SHARE ROW EXCLUSIVE MODE;

UPDATE "sheet" SET "status" = 'discarded'
WHERE "id" IN (
  SELECT "id" FROM (
    SELECT "id", row_number() OVER (
      PARTITION BY "person_id"
      ORDER BY (
        SELECT count(*) FROM (
          SELECT DISTINCT ON ("question_id") "value", "not_applicable" FROM "answer"
          WHERE "sheet_id" = "sheet"."id" ORDER BY "question_id", "revision" DESC
        ) AS "newest" WHERE "value" IS NOT NULL OR "not_applicable" IS NOT NULL
      ) DESC, "started_at" DESC, "id"
    ) AS "place"
    FROM "sheet"
    WHERE "status" = 'open' AND "assessment_id" IS NULL AND "person_id" IS NOT NULL
  ) AS "practice"
  WHERE "place" > 1
);

CREATE UNIQUE INDEX "sheet_one_open_practice" ON "sheet" ("person_id") WHERE "status" = 'open' AND "assessment_id" IS NULL;
