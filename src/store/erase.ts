/** A person goes, and with them all that is theirs; the scores of submitted sheets stay without a name. */
import type { Prisma } from '../generated/prisma/client.js'

/** Inside a transaction of the caller's. Nobody there: nothing happens. */
export async function erasePerson(tx: Prisma.TransactionClient, person: string): Promise<void> {
  // All sheets in one order before anything else: batches of answers lock them in this order too.
  await tx.$queryRaw`SELECT id FROM sheet WHERE person_id = ${person} ORDER BY id FOR UPDATE`
  await tx.sheet.deleteMany({ where: { personId: person, status: { not: 'submitted' } } })

  // Every answer that the person gave, on whosever sheet. No index leads there: erasing is rare, and an index would make
  // every answer dearer. The reason for "not applicable" stays, because the score rests on it.
  await tx.$executeRaw`UPDATE answer SET person_id = NULL, note = NULL, evidence = '[]', raw = NULL, input_id = ''
    WHERE person_id = ${person}`

  // A file that somebody else's answer refers to goes to them, all others go away.
  await tx.$executeRaw`UPDATE stored_file SET person_id = heir.person_id
    FROM (
      SELECT DISTINCT ON (part ->> 'ref') part ->> 'ref' AS ref, person_id
      FROM answer, jsonb_array_elements(evidence) AS part WHERE evidence <> '[]' AND person_id IS NOT NULL
    ) AS heir
    WHERE stored_file.person_id = ${person} AND heir.ref = 'file:' || stored_file.sha256`
  await tx.storedFile.deleteMany({ where: { personId: person } })

  await tx.$executeRaw`DELETE FROM session WHERE address IN (SELECT address FROM address WHERE person_id = ${person})`
  // Takes the addresses along, and the name off the submitted sheets.
  await tx.person.deleteMany({ where: { id: person } })
}
