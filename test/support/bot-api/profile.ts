// What the bot says of itself: commands, descriptions, name and menu button, each by language and scope.

/** One kind of text by language; the empty language code stands for all others. */
export type Texts = {
  set(language: string, text: string): void
  get(language: string): string
}

export type Command = { readonly command: string; readonly description: string }

export type Profile = {
  readonly descriptions: Texts
  readonly shortDescriptions: Texts
  readonly names: Texts
  /** Command lists by `scopeKey`. */
  readonly commands: Map<string, readonly Command[]>
  /** Menu buttons by chat; `undefined` stands for all chats. */
  readonly menuButtons: Map<number | undefined, Readonly<Record<string, unknown>>>
}

export function createProfile(name: string): Profile {
  return {
    descriptions: createTexts(''),
    shortDescriptions: createTexts(''),
    names: createTexts(name),
    commands: new Map(),
    menuButtons: new Map(),
  }
}

/** A key such as `default/zh` or `chat:7/`. */
export function scopeKey(
  scope: { readonly type: string; readonly chat_id?: unknown; readonly user_id?: unknown },
  language: string,
): string {
  const of = [scope.type, scope.chat_id, scope.user_id].filter((part) => part !== undefined).join(':')
  return `${of}/${language}`
}

function createTexts(fallback: string): Texts {
  const texts = new Map<string, string>()
  return {
    set(language, text) {
      if (text === '') texts.delete(language)
      else texts.set(language, text)
    },
    get: (language) => texts.get(language) ?? texts.get('') ?? fallback,
  }
}
