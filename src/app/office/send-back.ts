/** 退回重答: the head sends an answer back with a comment; it is open again until somebody answers anew. */
import { isAnswered } from '../../core/answer.js'
import { phaseOf } from '../../core/round.js'
import { bold, lines } from '../rich.js'
import { tell } from '../tell.js'
import { promptsOf, wordsOf } from '../words.js'
import { theView } from './summary.js'
import {
  arg,
  changeBy,
  numberArg,
  type Outcome,
  ofAssessment,
  type PageSpec,
  pageButton,
  theAssessment,
  type Visit,
} from './visit.js'

const LONGEST_COMMENT = 200

/** Asks for the comment; what is typed sends the answer back. Arguments: the assessment, the question, the revision that was seen. */
const sendBack: PageSpec = {
  permission: 'send_back',
  community: ofAssessment(),
  show: async (visit) => {
    const { say, language } = visit
    const view = await theView(visit)
    const question = view.book.questionnaire.byId.get(arg(visit, 1))
    const title = question ? (wordsOf(promptsOf(view.book, language), question)?.title ?? '') : ''
    const back = question
      ? pageButton(say('button.back'), 'detail', view.assessment.id, question.id)
      : pageButton(say('button.back'), 'details', view.assessment.id)
    return {
      text: lines(
        bold(say('details.send_back_title', { what: `${question?.id ?? ''} ${title}`.trim() })),
        say('details.ask_comment'),
      ),
      rows: [[back]],
    }
  },
  typed: async (visit, text): Promise<Outcome> => {
    const { say } = visit
    if (text === '' || text.length > LONGEST_COMMENT)
      return { notice: say('details.comment_refused', { most: LONGEST_COMMENT }) }
    const to = { page: 'detail', args: [arg(visit, 0), arg(visit, 1)] }
    return { to, notice: say(await sendBackAnswer(visit, text)) }
  },
}

/** The key of the sentence that says what came of it. */
async function sendBackAnswer(visit: Visit, comment: string): Promise<string> {
  const { desk, person, now } = visit
  const { id, community, round, status } = await theAssessment(visit)
  const question = arg(visit, 1)
  if (round.mode !== 'shared' || status !== 'open' || phaseOf(round, now) !== 'open') return 'home.not_open'
  const answer = (await desk.work.sheets(id))[0]?.answers.get(question)
  if (!answer || !isAnswered(answer)) return 'details.none'
  const author = answer.person === person ? '' : answer.person
  const done = author === '' ? 'details.sent_back_quietly' : 'details.sent_back'
  const pending = (await desk.work.sentBack(id)).find((one) => one.question === question)
  // The same once more is a redelivery.
  if (pending) return pending.comment === comment ? done : 'details.sent_back_before'
  const { revision } = answer
  if (revision !== numberArg(visit, 2)) return 'details.answered_since'
  const change = changeBy(visit, 'answer_sent_back', {
    subject: `assessment:${id}`,
    community: community.id,
    after: { question, revision, comment },
  })
  // Told first: whoever comes again after a crash in between finds it sent back, and would not tell any more.
  const telling = { type: 'returned', assessment: id, question, comment } as const
  if (author !== '') await tell(desk, [{ key: `returned:${change.id}`, person: author, telling }])
  await desk.work.sendBack(id, { question, revision, comment, at: new Date(now), by: person }, change)
  return done
}

export const SEND_BACK_PAGES = { send_back: sendBack }
