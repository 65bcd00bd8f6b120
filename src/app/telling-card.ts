/** A message in line → its card in a person's language, or why it no longer matters by the time that it is sent. */

import type { Book } from '../content/book.js'
import { may } from '../core/access.js'
import { isAnswered } from '../core/answer.js'
import { dutiesOf } from '../core/duty.js'
import type { UnsentReason } from '../core/notice.js'
import { phaseOf } from '../core/round.js'
import { NOT_APPLICABLE } from './clash.js'
import type { Desk } from './desk.js'
import type { Claimed, Telling } from './district.js'
import { marksNow } from './enter.js'
import { momentText } from './moments.js'
import { newsCard } from './news-card.js'
import { deedButton, pageButton } from './office/visit.js'
import { type Errand, FREE_PER_SECOND } from './push.js'
import { bold, lines } from './rich.js'
import type { Assessment } from './rounds.js'
import type { Button, Card } from './speech.js'
import { toldNotice, toldWithdrawal } from './told-notice.js'
import { valueWords } from './views/choices.js'
import { button } from './views/view.js'
import { promptsOf, type Say, wordsOf } from './words.js'

/** What is to be done for a message that a channel pushes; the reason where nothing is. */
export async function errandOf(
  desk: Desk,
  { person, language, telling, target }: Pick<Claimed, 'person' | 'language' | 'telling' | 'target'>,
): Promise<Errand | UnsentReason> {
  const card = await tellingCard(desk, person, language, telling)
  if (typeof card === 'string') return card
  if (telling.type === 'withdrawal') return target === null ? 'past' : { do: 'withdraw', message: target, card }
  const paid = telling.type === 'notice' && desk.broadcastPerSecond > FREE_PER_SECOND
  return { do: 'send', card, ...(paid ? { paid } : {}) }
}

export async function tellingCard(
  desk: Desk,
  person: string,
  language: string,
  telling: Telling,
): Promise<Card | UnsentReason> {
  const known = desk.locales.languages.includes(language) ? language : desk.defaultLanguage
  switch (telling.type) {
    case 'notice':
      return toldNotice(desk, person, known, telling)
    case 'withdrawal':
      return toldWithdrawal(desk, known, telling)
    case 'opened':
    case 'result':
      return (await newsCard(desk, person, known, telling)) ?? 'past'
    default:
      return (await toldWork(desk, person, known, telling)) ?? 'past'
  }
}

type Work = Exclude<Telling, { readonly type: 'notice' | 'withdrawal' | 'opened' | 'result' }>

/** What is about answering in an assessment; undefined where nothing is to be answered any more. */
async function toldWork(desk: Desk, person: string, language: string, telling: Work): Promise<Card | undefined> {
  const assessment = await desk.rounds.assessment(telling.assessment)
  const book = assessment && (await desk.books.of(assessment.round.rubric))
  const phase = assessment && phaseOf(assessment.round, desk.now())
  // Who answers what may be settled before a round opens; all else is about answering.
  const timely = phase === 'open' || (phase === 'waiting' && telling.type === 'assigned')
  if (!assessment || !book || assessment.status !== 'open' || !timely) return undefined
  const holdings = await desk.members.memberships(person)
  const { id } = assessment
  const community = assessment.community.id
  if (!may(holdings, 'answer', community)) return undefined
  const say = desk.locales.in(language)
  const enter = [deedButton(say('home.enter', names(assessment)), 'enter', id)]
  switch (telling.type) {
    case 'reminder':
    case 'nudge': {
      const open = await openOf(desk, assessment, book, person)
      if (open === undefined) return undefined
      const deadline = momentText(assessment.round.deadline.getTime(), assessment.round.timeZone, language)
      const text = lines(
        bold(say(open === 0 ? 'told.unsubmitted' : `told.${telling.type}`, { ...names(assessment), open })),
        say('told.deadline', { deadline }),
      )
      return { text, rows: [enter] }
    }
    case 'assigned':
      return {
        text: lines(
          bold(say('told.assigned', { ...names(assessment), count: telling.count })),
          ...(telling.why ? [say('told.why', { why: telling.why })] : []),
        ),
        rows: [enter],
      }
    case 'returned': {
      const title = titleOf(book, telling.question, language)
      return {
        text: lines(
          bold(say('told.returned', { ...names(assessment), title })),
          say('told.comment', { comment: telling.comment }),
        ),
        rows: [[openButton(desk, say, assessment, telling.question)]],
      }
    }
    case 'clash': {
      const { question: asked, person: later, value, standsPerson, standsValue, sheet } = telling.clash
      const question = book.questionnaire.byId.get(asked)
      if (!question) return undefined
      const people = await desk.work.names([later, standsPerson])
      const present = await desk.ledger.answer(sheet, asked)
      const presentValue = present?.value ?? NOT_APPLICABLE
      const words = (one: string) =>
        one === NOT_APPLICABLE ? say('button.not_applicable') : valueWords(book, question, one, language)
      const text = lines(
        bold(say('told.clash', { ...names(assessment), title: titleOf(book, asked, language) })),
        say('told.clash_stands', {
          name: people.get(standsPerson) ?? say('office.somebody'),
          value: words(standsValue),
        }),
        say('told.clash_later', { name: people.get(later) ?? say('office.somebody'), value: words(value) }),
        ...(present && presentValue !== standsValue ? [say('told.clash_now', { value: words(presentValue) })] : []),
      )
      const leads = may(holdings, 'settle_clash', community)
      return {
        text,
        rows: [
          [button(say('told.look'), { do: 'open', sheet, question: asked })],
          ...(leads ? [[pageButton(say('clash.title'), 'clashes', id)]] : []),
        ],
      }
    }
  }
}

const names = ({ community, round }: Assessment) => ({ community: community.name, round: round.name })

function titleOf(book: Book, id: string, language: string): string {
  const question = book.questionnaire.byId.get(id)
  return `${id} ${(question && wordsOf(promptsOf(book, language), question)?.title) ?? ''}`.trim()
}

function openButton({ work }: Desk, say: Say, { id, round }: Assessment, question: string): Button {
  if (round.mode === 'shared') return button(say('told.look'), { do: 'open', sheet: work.sharedSheetOf(id), question })
  return deedButton(say('told.look'), 'enter', id)
}

/** Questions that are still this person's to answer; 0: only their own sheet is to be submitted; undefined: nothing is left. */
async function openOf(desk: Desk, assessment: Assessment, book: Book, person: string): Promise<number | undefined> {
  const { questionnaire } = book
  if (assessment.round.mode === 'individual') {
    const own = await desk.work.individualSheet(assessment.id, person)
    if (own?.status === 'submitted') return undefined
    const answers = own ? await desk.ledger.answers(own.id) : new Map()
    return questionnaire.questions.length - [...answers.values()].filter(isAnswered).length
  }
  const standing = await desk.work.standing(desk.work.sharedSheetOf(assessment.id), person)
  if (!standing) return undefined
  const mine = dutiesOf(questionnaire, person, assessment.community.id, standing.memberships, standing.assigned)
  const open = marksNow(questionnaire, standing).filter(({ state }, i) => mine[i] && state === 'open').length
  return open === 0 ? undefined : open
}
