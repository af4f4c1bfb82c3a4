// Screens and their addresses. To add one: a route here, a line in frame/screens.ts, its texts.
import {
  createHashHistory,
  createRootRoute,
  createRoute,
  createRouter,
  redirect,
  type RouterHistory,
} from '@tanstack/react-router'
import { later } from './later'
import { Frame } from '../frame/Frame'
import { OverviewScreen } from '../overview/OverviewScreen'
import { isSection, type Section } from '../settings/sections'
import { ScreenError } from './ScreenError'

const AuditScreen = later(() => import('../audit/AuditScreen').then((it) => it.AuditScreen))
const SettingsScreen = later(() => import('../settings/SettingsScreen').then((it) => it.SettingsScreen))

const root = createRootRoute({ component: Frame, notFoundComponent: OverviewScreen })
const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/overview' })
  },
})
const overview = createRoute({ getParentRoute: () => root, path: '/overview', component: OverviewScreen })
const audit = createRoute({ getParentRoute: () => root, path: '/audit', component: AuditScreen })
const settings = createRoute({
  getParentRoute: () => root,
  path: '/settings/$section',
  component: SettingsScreen,
  params: {
    parse: ({ section }): { section: Section } => ({ section: isSection(section) ? section : 'profile' }),
    stringify: ({ section }) => ({ section }),
  },
})

const routeTree = root.addChildren([home, overview, audit, settings])

// Texts stay texts: by itself the router takes values for JSON, and a query that is a number or in quotes becomes another one.
const parseSearch = (text: string): Record<string, string> => Object.fromEntries(new URLSearchParams(text))
const stringifySearch = (values: Record<string, unknown>): string => {
  const given = Object.entries(values).filter(([, value]) => value !== undefined)
  return given.length > 0 ? `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}` : ''
}

export function makeRouter(history: RouterHistory = createHashHistory()) {
  // Of every route: what fails in a screen is told in its place, and the frame around it stays.
  return createRouter({
    routeTree,
    history,
    defaultPreload: false,
    defaultErrorComponent: ScreenError,
    parseSearch,
    stringifySearch,
  })
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof makeRouter>
  }
}
