import {
  IconArrowsExchange,
  IconBookmark,
  IconBuilding,
  IconFileImport,
  IconFilterOff,
  IconKeyboard,
  IconLanguage,
  IconLifebuoy,
  IconLink,
  IconLock,
  IconMapPin,
  IconMoon,
  IconRowInsertBottom,
  IconSun,
  IconSunMoon,
  IconUser,
  type Icon,
} from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { isAddress } from '../audit/address'
import { placeOf } from '../audit/link'
import { term } from '../audit/query'
import { queryOf } from '../audit/queryStore'
import { useViews } from '../audit/useViews'
import { useScope } from '../app/scope'
import { useSession } from '../app/session'
import { usePreferences } from '../app/usePreferences'
import { visibleLine } from '../look/visible'
import { sections } from '../settings/sections'
import { useFrame } from './context'
import { screens } from './screens'
import { useGo } from './useGo'

export type PaletteAction = { id: string; label: string; icon: Icon; keys?: string; run: () => void }
export type PaletteGroup = { id: string; label: string; actions: PaletteAction[] }

const plain = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLocaleLowerCase()
const looksLikeActor = /^\S+@\S+$/
const looksLikeId = /^[0-9a-f]{8}-[0-9a-f-]{27}$/i

export function usePaletteActions(query: string, lock: () => void, opened: boolean): PaletteGroup[] {
  const { t } = useTranslation()
  const { session } = useSession()
  const { choose } = useScope()
  const { change } = usePreferences()
  const frame = useFrame()
  const go = useGo()
  const can = (permission: string | null) => !permission || session.permissions.includes(permission)
  const question = queryOf(session.connection.id)
  const saved = useViews(opened && can('audit.list'))

  const goTo: PaletteAction[] = [
    ...screens
      .filter((screen) => can(screen.permission))
      .map((screen) => ({
        id: `go-${screen.id}`,
        label: t(`frame.${screen.id}`),
        icon: screen.icon,
        keys: screen.keys,
        run: () => go(screen.id),
      })),
    ...sections.map((section) => ({
      id: `go-settings-${section.id}`,
      label: `${t('frame.settings')}: ${t(`settings.section.${section.id}`)}`,
      icon: section.icon,
      run: () => go('settings', section.id),
    })),
  ]
  const action = (id: string, icon: Icon, run: () => void, keys?: string, label = `frame.palette.${id}`) => ({
    id,
    icon,
    run,
    label: t(label),
    ...(keys ? { keys } : {}),
  })
  const actions: PaletteAction[] = [
    action('lock', IconLock, lock, 'mod L', 'frame.lockNow'),
    action('shortcuts', IconKeyboard, frame.showShortcuts, '?'),
    ...(can('secrets.create') ? [action('envImport', IconFileImport, frame.importEnv)] : []),
    ...(can('keys.create') ? [action('kitNew', IconLifebuoy, frame.makeKit)] : []),
    action('clearFilters', IconFilterOff, () => question.write('')),
    action('themeLight', IconSun, () => void change({ theme: 'light' })),
    action('themeDark', IconMoon, () => void change({ theme: 'dark' })),
    action('themeSystem', IconSunMoon, () => void change({ theme: 'system' })),
    action('toSpanish', IconLanguage, () => void change({ language: 'es' })),
    action('toEnglish', IconLanguage, () => void change({ language: 'en' })),
    action('compact', IconRowInsertBottom, () => void change({ density: 'compact' })),
    action('comfortable', IconRowInsertBottom, () => void change({ density: 'comfortable' })),
  ]
  const tenants: PaletteAction[] = session.tenants.map((tenant) => ({
    id: `tenant-${tenant.id}`,
    label: visibleLine(tenant.name),
    icon: IconBuilding,
    run: () => choose(tenant.id),
  }))
  if (tenants.length > 1) {
    tenants.unshift({ id: 'tenant-all', label: t('frame.allTenants'), icon: IconBuilding, run: () => choose(null) })
  }

  const views: PaletteAction[] = (saved.data ?? []).map((view) => ({
    id: `view-${view.id}`,
    label: visibleLine(view.name),
    icon: IconBookmark,
    run: () => {
      question.write(view.query)
      go('audit')
    },
  }))

  const wanted = plain(query.trim())
  const matching = (list: PaletteAction[]) => list.filter((each) => plain(each.label).includes(wanted))
  return [
    { id: 'find', label: t('frame.palette.find'), actions: can('audit.list') ? lookUps(query.trim()) : [] },
    { id: 'screens', label: t('frame.palette.screens'), actions: matching(goTo) },
    { id: 'views', label: t('frame.palette.views'), actions: matching(views).slice(0, 12) },
    { id: 'actions', label: t('frame.palette.actions'), actions: matching(actions) },
    { id: 'tenants', label: t('frame.palette.tenants'), actions: matching(tenants).slice(0, 12) },
  ]

  function lookUps(value: string): PaletteAction[] {
    const look = (id: string, icon: Icon, text: string) => ({
      id,
      icon,
      label: t(`frame.palette.${id}`, { value }),
      run: () => {
        question.write(text)
        go('audit')
      },
    })
    const address = value.slice(value.indexOf('#/audit?') + 1)
    if (placeOf(value)) return [{ ...look('byLink', IconLink, ''), run: () => (window.location.hash = address) }]
    if (isAddress(value)) return [look('byIp', IconMapPin, term('ip', value))]
    if (looksLikeActor.test(value)) return [look('byActor', IconUser, term('actor', value))]
    if (looksLikeId.test(value)) {
      return [
        look('byActorId', IconUser, term('actor', value)),
        look('byRequest', IconArrowsExchange, term('request', value)),
      ]
    }
    return []
  }
}
