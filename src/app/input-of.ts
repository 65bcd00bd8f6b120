/** An inbound in the core's terms, and whether its words may have been meant for what stood on the card a moment before. */
import { parseOption } from '../core/answers/option.js'
import { parseAnswer } from '../core/answers/registry.js'
import { COMMANDS, type Input, isLate, OFFICE_COMMANDS, type OfficeCommand } from '../core/input.js'
import { isForWhatWasLeft, isMediaForWhatWasLeft, plausible } from '../core/left.js'
import type { Session } from '../core/session.js'
import type { Desk } from './desk.js'
import type { OfficeInput } from './office/office.js'
import { pressed } from './pressed.js'
import type { Inbound } from './speech.js'
import { optionLabels } from './views/choices.js'

/** What the person did, in the core's terms; undefined for a button that is none of ours. */
export async function inputOf(
  desk: Desk,
  session: Session,
  inbound: Inbound,
): Promise<Input | OfficeInput | undefined> {
  const { content } = inbound
  const now = desk.now()
  switch (content.kind) {
    case 'press': {
      const action = pressed(content)
      return action && { kind: 'press', action }
    }
    case 'command': {
      const command = COMMANDS.find((one) => one === content.name)
      if (!command) return { kind: 'unknown_command' }
      const office = OFFICE_COMMANDS.find((one) => one === command)
      return office
        ? { kind: 'office_command', command: office }
        : { kind: 'command', command: command as Exclude<typeof command, OfficeCommand> }
    }
    case 'text':
      return {
        kind: 'text',
        text: content.text,
        late: isLate(session, inbound, now),
        doubtful: await isDoubtful(desk, session, inbound),
      }
    case 'media':
      return {
        kind: 'media',
        evidence: content.evidence,
        caption: content.caption,
        late: isLate(session, inbound, now) || isMediaForWhatWasLeft(session, plausible(inbound.sent, now / 1000)),
      }
    case 'unsupported':
    case 'look':
      return { kind: 'unsupported' }
  }
}

/** Whether words may have been meant for what stood on the card when they were written, and not for what stands there now. */
export async function isDoubtful({ books, now }: Desk, session: Session, { content, sent }: Inbound): Promise<boolean> {
  if (content.kind !== 'text') return false
  const book = (session.sheet && (await books.of(session.sheet.rubric))) ?? books.current
  const fits = (id: string): boolean => {
    const question = book.questionnaire.byId.get(id)
    if (!question) return false
    const labels = optionLabels(book, question, session.language)
    return question.kind === 'indicator'
      ? parseAnswer(question.indicator, content.text, labels).ok
      : parseOption(content.text, labels).ok
  }
  return isForWhatWasLeft(session, { text: content.text, sent: plausible(sent, now() / 1000) }, fits)
}
