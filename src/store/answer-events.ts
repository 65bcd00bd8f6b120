/**
 * Who gave an answer, and when. A revision copies all that was there and changes the answer, or the note, or the evidence;
 * only the first of these is an answer. A note or a photo that somebody adds does not make them the author.
 */

/** Where the rows of the sheets of an assessment ($1) are that were not discarded. An array, so that the index is used. */
export const SHEETS_OF_ASSESSMENT = `sheet_id = ANY (ARRAY(
  SELECT id FROM sheet WHERE assessment_id = $1 AND status <> 'discarded'))`

/**
 * Common table expressions over the rows of `answer` that a condition chooses (whole sheets, because each revision is
 * compared with the one before). `traced`: all of them. `newest`: the newest revision of each question, and of the newest
 * revision that was an answer (`answer_revision`, null where none was) `signer` and `signed_at`; before there is one, these
 * are of the newest revision. Windows instead of a join: they cost the same where the database knows no figures yet.
 *
 * Erased people's notes are gone from their rows, so that these no longer show what they changed: they count as answers
 * only where the answer differs.
 */
export const answerEvents = (where: string): string => `
traced AS (
  SELECT *, (value IS NOT NULL OR not_applicable IS NOT NULL) AND (lag(revision) OVER own IS NULL
      OR value IS DISTINCT FROM lag(value) OVER own OR not_applicable IS DISTINCT FROM lag(not_applicable) OVER own
      OR (input_id <> '' AND note IS NOT DISTINCT FROM lag(note) OVER own AND evidence = lag(evidence) OVER own)
    ) AS answers
  FROM answer WHERE ${where}
  WINDOW own AS (PARTITION BY sheet_id, question_id ORDER BY revision)
), newest AS (
  SELECT DISTINCT ON (sheet_id, question_id) sheet_id, question_id, revision, value, not_applicable, note, evidence, raw,
    first_value(person_id) OVER latest AS signer, first_value(at) OVER latest AS signed_at,
    first_value(CASE WHEN answers THEN revision END) OVER latest AS answer_revision
  FROM traced
  WINDOW latest AS (PARTITION BY sheet_id, question_id ORDER BY answers DESC, revision DESC)
  ORDER BY sheet_id, question_id, revision DESC
)`

/**
 * What was sent back in an assessment and stands, once for each question, by the newest word: no answer has come since.
 * Beside `answerEvents`; `assessment` names its id.
 */
export const standingReturns = (assessment: string): string => `
SELECT DISTINCT ON (returned.question_id) returned.question_id, returned.revision, returned.comment, returned.at
FROM returned WHERE returned.assessment_id = ${assessment} AND EXISTS (
  SELECT FROM newest WHERE newest.question_id = returned.question_id AND newest.revision >= returned.revision
    AND coalesce(newest.answer_revision, 0) <= returned.revision)
ORDER BY returned.question_id, returned.at DESC, returned.revision DESC`
