// Languages. One file per area and language; the test checks that both have the same keys.
// To add a text: the same key in <area>.es.ts and <area>.en.ts. To add a language: its files, and a line in `resources`.
import i18next, { type i18n } from 'i18next'
import { initReactI18next } from 'react-i18next'
import { en, es } from './texts'

export type LanguageChoice = 'system' | 'es' | 'en'
const remembered = 'atalaya.language'

type Tree = { [key: string]: string | Tree }
const added: { es: Tree; en: Tree }[] = []

/** Spanish has a plural form of its own for round millions ("un millón de"); here it reads like the ordinary plural. */
function withMany(tree: Tree): Tree {
  const out: Tree = {}
  for (const [key, value] of Object.entries(tree)) {
    out[key] = typeof value === 'string' ? value : withMany(value)
    if (typeof value === 'string' && key.endsWith('_other')) out[key.replace(/_other$/, '_many')] = value
  }
  return out
}

/** The full tag, so that dates and numbers follow the user's region: es-AR and es-MX write numbers differently. */
export function localeOf(choice: LanguageChoice): string {
  const system = navigator.languages?.length ? navigator.languages : [navigator.language]
  const wanted = choice === 'system' ? ['es', 'en'] : [choice]
  for (const tag of system) {
    if (wanted.some((language) => tag.toLowerCase().startsWith(language))) return tag
  }
  return choice === 'system' ? 'en' : choice
}

function add({ es: spanish, en: english }: { es: Tree; en: Tree }): void {
  i18next.addResourceBundle('es', 'translation', withMany(spanish), true, true)
  i18next.addResourceBundle('en', 'translation', english, true, true)
}

/** Texts that come later than the first screen, with the code that shows them. */
export function addTexts(spanish: Tree, english: Tree): void {
  const texts = { es: spanish, en: english }
  added.push(texts)
  if (i18next.isInitialized) add(texts)
}

export function startLanguages(): i18n {
  const stored = localStorage.getItem(remembered)
  void i18next.use(initReactI18next).init({
    lng: localeOf(stored === 'es' || stored === 'en' ? stored : 'system'),
    fallbackLng: 'en',
    resources: { es: { translation: withMany(es) }, en: { translation: en } },
    interpolation: { escapeValue: false },
    returnNull: false,
    initAsync: false,
  })
  added.forEach(add)
  document.documentElement.lang = i18next.language.slice(0, 2)
  return i18next
}

export function applyLanguage(choice: LanguageChoice): void {
  localStorage.setItem(remembered, choice)
  const locale = localeOf(choice)
  if (i18next.language !== locale) void i18next.changeLanguage(locale)
  document.documentElement.lang = locale.slice(0, 2)
}
