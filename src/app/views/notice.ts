/** Events → the one sentence on the card that says what was done or refused, with an example where something was refused. */
import type { RejectReason } from '../../core/answers/answer-type.js'
import { type Event, isNotice, type Notice } from '../../core/event.js'
import { promptsOf, quantity, wordsOf } from '../words.js'
import { answerWords, optionLabels, questionChoices, unitOf, valueWords } from './choices.js'
import type { Scene } from './view.js'

/** The last spoken event decides; null where nothing needs saying. */
export function noticeOf(scene: Omit<Scene, 'notice'>, events: readonly Event[]): string | null {
  const spoken = events.filter(isNotice).at(-1)
  return spoken ? sentence(scene, spoken) : null
}

function sentence(scene: Omit<Scene, 'notice'>, event: Notice): string {
  const { say, book, language, loaded } = scene
  switch (event.type) {
    case 'answer_rejected':
      return rejected(scene, event.question, event.reason)
    case 'answer_stale': {
      const question = book.questionnaire.byId.get(event.question)!
      const title = `${event.question} ${wordsOf(promptsOf(book, language), question)?.title ?? ''}`.trim()
      const answer = loaded.saved ? answerWords(book, question, loaded.saved, language, say) : say('answer.open')
      return say('notice.answer_stale', { title, answer })
    }
    case 'not_applicable_refused':
      return event.why === 'cap'
        ? say('notice.cap', { share: book.rubric.scoring.not_applicable.max_share * 100 })
        : say('notice.not_allowed')
    case 'text_too_long':
      return say('notice.text_too_long', { most: event.most })
    case 'evidence_saved':
      return say('notice.evidence_saved', { count: event.count })
    case 'evidence_refused':
      return say('notice.evidence_refused', { most: event.most })
    case 'answer_taken': {
      const question = book.questionnaire.byId.get(event.question)!
      return say('notice.answer_taken', { answer: valueWords(book, question, event.value, language) })
    }
    case 'caption_not_kept':
      return say('notice.caption_not_kept', { count: event.count })
    case 'still_open':
      return say('notice.still_open', { count: event.count })
    case 'input_late':
    case 'input_unexpected':
    case 'note_expected':
    case 'reason_expected':
    case 'evidence_expected':
    case 'note_saved':
    case 'not_applicable_saved':
    case 'nothing_to_cancel':
    case 'cancelled':
    case 'sheet_closed':
    case 'head_submits':
    case 'button_outdated':
    case 'command_unknown':
    case 'sheet_reloaded':
      return say(`notice.${event.type}`)
  }
}

function rejected({ say, book, language }: Omit<Scene, 'notice'>, id: string, reason: RejectReason): string {
  const question = book.questionnaire.byId.get(id)!
  const best = questionChoices(book, question)[0]!.value
  const example =
    optionLabels(book, question, language).get(best) ?? quantity(promptsOf(book, language), best, unitOf(question))
  const decimals =
    question.kind === 'indicator' && 'decimals' in question.indicator.answer ? question.indicator.answer.decimals : 0
  switch (reason) {
    case 'not_an_option':
      return say('reject.option', { example })
    case 'not_a_number':
      return say('reject.number', { example })
    case 'decimals':
      return decimals === 0 ? say('reject.integer', { example }) : say('reject.decimals', { example, decimals })
    case 'negative':
    case 'fraction':
    case 'range':
    case 'too_large':
    case 'over_hundred':
    case 'ambiguous_percent':
    case 'wrong_unit':
    case 'too_long':
    case 'not_text':
      return say(`reject.${reason}`, { example })
  }
}
