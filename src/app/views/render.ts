/** A session → its card. Every view of the session has exactly one card. */
import type { Card } from '../speech.js'
import { contentsCard, sectionCard } from './contents.js'
import { explainCard } from './explain.js'
import { mineCard } from './mine.js'
import {
  awaitingCard,
  eraseCard,
  helpCard,
  languageCard,
  pausedCard,
  privacyCard,
  restartCard,
  resumeCard,
  submitCard,
  welcomeCard,
} from './plain-cards.js'
import { questionCard } from './question.js'
import { resultCard } from './result.js'
import type { Scene, SheetScene } from './view.js'

export function renderCard(scene: Scene): Card {
  const { view } = scene.session
  switch (view.at) {
    case 'welcome':
      return welcomeCard(scene)
    case 'help':
      return helpCard(scene)
    case 'language':
      return languageCard(scene)
    case 'privacy':
      return privacyCard(scene)
    case 'erase':
      return eraseCard(scene)
    default: {
      const { sheet } = scene.session
      const question =
        sheet && (scene.book.questionnaire.byId.get(sheet.cursor) ?? scene.book.questionnaire.questions[0])
      return sheet && question ? sheetCard({ sheet, question, ...scene }) : welcomeCard(scene)
    }
  }
}

function sheetCard(scene: SheetScene): Card {
  const { view } = scene.session
  switch (view.at) {
    case 'question':
    case 'reopened':
    case 'typed':
      return questionCard(scene)
    case 'explain':
      return explainCard(scene)
    case 'reason':
    case 'note':
    case 'evidence':
      return awaitingCard(scene, view.at)
    case 'mine':
      return mineCard(scene)
    case 'contents':
      return contentsCard(scene)
    case 'section':
      return sectionCard(scene, view.section)
    case 'resume':
      return resumeCard(scene)
    case 'restart':
      return restartCard(scene)
    case 'paused':
      return pausedCard(scene)
    case 'result':
      return resultCard(scene, view.page)
    case 'submit':
      return submitCard(scene)
    case 'welcome':
    case 'help':
    case 'language':
    case 'privacy':
    case 'erase':
    case 'page':
      throw new Error(`Expected a view of a sheet, got \`${view.at}\``)
  }
}
