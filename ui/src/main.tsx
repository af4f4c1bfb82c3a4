// The window's entry: languages first, so that nothing is ever drawn with bare keys.
import '@fontsource-variable/inter/wght.css'
import '@fontsource-variable/jetbrains-mono/wght.css'
import './look/components'
import '@mantine/spotlight/styles.css'
import './look/tokens.css'
import './look/base.css'
import './look/mantine.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app/App'
import { makeQueryClient } from './app/queries'
import { statusQuery } from './app/useStatus'
import { startLanguages } from './i18n'

/** A status that takes longer than this, in ms, is waited for on the splash. */
const patience = 100

startLanguages()
const client = makeQueryClient()
const known = client.prefetchQuery(statusQuery)
const waited = new Promise((done) => setTimeout(done, patience))
// The status is usually there already: then the first thing that is drawn is the first screen.
void Promise.race([known, waited]).then(() => {
  const root = document.getElementById('root')
  if (!root) return
  createRoot(root).render(
    <StrictMode>
      <App client={client} />
    </StrictMode>,
  )
})
