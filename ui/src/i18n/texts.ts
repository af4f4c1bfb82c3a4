import adoptionEn from './adoption.en'
import adoptionEs from './adoption.es'
import auditEn from './audit.en'
import auditEs from './audit.es'
import commonEn from './common.en'
import commonEs from './common.es'
import crmEn from './crm.en'
import crmEs from './crm.es'
import errorsEn from './errors.en'
import errorsEs from './errors.es'
import eventsEn from './events.en'
import eventsEs from './events.es'
import firstRunEn from './firstRun.en'
import firstRunEs from './firstRun.es'
import frameEn from './frame.en'
import frameEs from './frame.es'
import overviewEn from './overview.en'
import overviewEs from './overview.es'
import settingsEn from './settings.en'
import settingsEs from './settings.es'
import signInEn from './signIn.en'
import signInEs from './signIn.es'

export const es = {
  ...commonEs,
  error: errorsEs,
  event: eventsEs,
  adoption: adoptionEs,
  audit: auditEs,
  crm: crmEs,
  firstRun: firstRunEs,
  frame: frameEs,
  overview: overviewEs,
  settings: settingsEs,
  signIn: signInEs,
}

export const en: typeof es = {
  ...commonEn,
  error: errorsEn,
  event: eventsEn,
  adoption: adoptionEn,
  audit: auditEn,
  crm: crmEn,
  firstRun: firstRunEn,
  frame: frameEn,
  overview: overviewEn,
  settings: settingsEn,
  signIn: signInEn,
}
