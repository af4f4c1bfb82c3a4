import type { i18n, TFunction } from 'i18next'
import { longestQuery, longestText } from '../backend/audit'
import { whole } from './numbers'

/** How much fits, for the kinds of problems that say it. */
const limits: Record<string, number> = { query_too_long: longestQuery, text_too_long: longestText }

export const isProblem = (words: i18n, kind: string | undefined): kind is string =>
  kind !== undefined && words.exists(`search.problem.${kind}`)

/** What is wrong with a query, by the kind that Rust gives it. */
export const problemText = (t: TFunction, kind: string, language: string): string =>
  t(`search.problem.${kind}`, { n: whole(limits[kind] ?? 0, language) })
