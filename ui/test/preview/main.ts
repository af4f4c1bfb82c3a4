// The real window over the fake door, for looking at screens: /?stage=open&lang=es&theme=light (see ui/README.md).
import { installFake, appError } from '../fake/door'
import { liveRate, preferences } from '../fake/data'
import type { AppStatus, Preferences } from '../../src/backend/types'

const query = new URLSearchParams(location.search)
const failing = query.get('fail')
const fake = installFake({
  stage: (query.get('stage') ?? 'open') as AppStatus['stage'],
  delay: Number(query.get('delay') ?? 30),
  newest: Date.now() - 40_000,
  events: Number(query.get('events') ?? 60_450),
  status: {
    preferences: {
      ...preferences,
      language: (query.get('lang') ?? 'es') as Preferences['language'],
      theme: (query.get('theme') ?? 'light') as Preferences['theme'],
      density: (query.get('density') ?? 'comfortable') as Preferences['density'],
    },
  },
  ...(query.has('keychain') ? { keychain: { state: 'locked', store: 'Secret Service', detail: 'login' } } : {}),
})
liveRate.perSecond = Number(query.get('rate') ?? 3)
if (failing) {
  const [command = '', code = 'INTERNAL'] = failing.split(':')
  fake.answers[command] = () => {
    throw appError(code)
  }
}
if (query.has('hang')) fake.answers[query.get('hang') ?? ''] = () => new Promise(() => undefined)
void import('../../src/main')
