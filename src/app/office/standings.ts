/** What the head's pages are made from: the outlook of an assessment, who answers what in it, and the round before. */
import type { Book } from '../../content/book.js'
import { may } from '../../core/access.js'
import { isAnswered } from '../../core/answer.js'
import { type Change, changeSince } from '../../core/change.js'
import { type Assigned, dutiesOf, postsOf } from '../../core/duty.js'
import type { Result } from '../../core/result.js'
import type { Desk } from '../desk.js'
import type { Member } from '../district.js'
import { type Outlook, outlookOf } from '../results.js'
import type { Assessment, Clash, SentBack } from '../rounds.js'

export type Progress = { readonly done: number; readonly count: number }
export type PersonProgress = Progress & {
  readonly member: Member
  readonly submitted: boolean
  /** What is still theirs to do; `submission`: all is answered on a sheet of their own that they have not submitted. */
  readonly owes: 'answers' | 'submission' | 'nothing'
}

export type View = Outlook & {
  readonly assessment: Assessment
  readonly people: readonly PersonProgress[]
  readonly posts: readonly (Progress & { readonly post: string; readonly at: number })[]
  /** Indicators that are nobody's: neither assigned nor of a post that anybody holds. */
  readonly unowned: readonly string[]
  readonly clashes: readonly Clash[]
  /** Answers that were sent back and not given anew. */
  readonly sentBack: readonly SentBack[]
}

/** Undefined where the round's rubric is gone. */
export async function viewOf(desk: Desk, assessment: Assessment): Promise<View | undefined> {
  const { id } = assessment
  const [outlook, members, assigned, clashes, sentBack] = await Promise.all([
    outlookOf(desk, assessment),
    desk.members.membersOf(assessment.community.id),
    desk.work.assigned(id),
    desk.work.clashes(id),
    desk.work.sentBack(id),
  ])
  if (!outlook) return undefined
  const { questionnaire } = outlook.book
  const { people, duties, answered } = progressOf({ ...outlook, assessment, members, assigned, sentBack })
  const indicators = questionnaire.questions.filter((one) => one.kind === 'indicator')
  return {
    ...outlook,
    assessment,
    people,
    posts: postsOf(questionnaire).map((post, at) => {
      const ofPost = indicators.filter(({ indicator }) => indicator.post === post)
      return { post, at, done: ofPost.filter((one) => answered(one.id)).length, count: ofPost.length }
    }),
    unowned: indicators.filter(({ index }) => !duties.some((mine) => mine[index])).map((one) => one.id),
    clashes,
    sentBack,
  }
}

/** Only how far everybody is, which costs no scoring. */
export async function peopleIn(desk: Desk, assessment: Assessment): Promise<readonly PersonProgress[]> {
  const { id, round, community } = assessment
  const [book, sheets, members, assigned, sentBack] = await Promise.all([
    desk.books.of(round.rubric),
    desk.work.sheets(id),
    desk.members.membersOf(community.id),
    desk.work.assigned(id),
    desk.work.sentBack(id),
  ])
  if (!book) return []
  const answers = (round.mode === 'shared' && sheets[0]?.answers) || new Map()
  return progressOf({ book, sheets, answers, assessment, members, assigned, sentBack }).people
}

type Known = Pick<Outlook, 'book' | 'sheets' | 'answers'> &
  Pick<View, 'assessment' | 'sentBack'> & { readonly members: readonly Member[]; readonly assigned: Assigned }

function progressOf({ book, sheets, answers, assessment, members, assigned, sentBack }: Known) {
  const { questionnaire } = book
  const { round, community } = assessment
  const able = members.filter((one) => may([one], 'answer', community.id))
  const back = new Set(sentBack.map(({ question }) => question))
  const answered = (question: string) => isAnswered(answers.get(question)) && !back.has(question)
  const each = able.filter((one, i) => able.findIndex(({ person }) => person === one.person) === i)
  const duties = new Map(
    each.map(({ person }) => {
      const holdings = able.filter((one) => one.person === person)
      return [person, dutiesOf(questionnaire, person, community.id, holdings, assigned)] as const
    }),
  )
  const people = each.flatMap((member): PersonProgress[] => {
    if (round.mode === 'individual') {
      const own = sheets.find((sheet) => sheet.person === member.person)
      // A head without posts only watches, unless they have begun a sheet.
      if (
        !own &&
        !able.some(({ person, role, posts }) => person === member.person && (role === 'worker' || posts.length > 0))
      )
        return []
      const done = own ? [...own.answers.values()].filter(isAnswered).length : 0
      const count = questionnaire.questions.length
      const submitted = own?.status === 'submitted'
      return [{ member, done, count, submitted, owes: submitted ? 'nothing' : done < count ? 'answers' : 'submission' }]
    }
    const mine = questionnaire.questions.filter(({ index }) => duties.get(member.person)![index])
    const done = mine.filter((one) => answered(one.id)).length
    return [{ member, done, count: mine.length, submitted: false, owes: done < mine.length ? 'answers' : 'nothing' }]
  })
  return { people, duties: [...duties.values()], answered }
}

export type Before = {
  readonly assessment: Assessment
  readonly book: Book
  readonly result: Result
  readonly change: Change
}

/** The community's round before, and what has changed since; undefined where there is none with answers. */
export async function beforeOf(desk: Desk, { assessment, book, result }: View): Promise<Before | undefined> {
  const before = await desk.rounds.previous(assessment.id)
  const there = before && (await desk.books.of(before.round.rubric))
  if (!before || !there) return undefined
  // Kept at its submission; a round that was never submitted is computed.
  const kept = before.status === 'submitted' ? (await desk.work.result(before.id))?.result : undefined
  const old = kept ?? (await outlookOf(desk, before))?.result
  if (!old || old.answered === 0) return undefined
  const change = changeSince(
    { questionnaire: book.questionnaire, result },
    { questionnaire: there.questionnaire, result: old },
  )
  return { assessment: before, book: there, result: old, change }
}
