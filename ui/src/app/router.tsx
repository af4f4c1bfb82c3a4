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

export function makeRouter(history: RouterHistory = createHashHistory()) {
  // Of every route: what fails in a screen is told in its place, and the frame around it stays.
  return createRouter({ routeTree, history, defaultPreload: false, defaultErrorComponent: ScreenError })
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof makeRouter>
  }
}
