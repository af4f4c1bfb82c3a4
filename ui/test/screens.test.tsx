import { emit } from '@tauri-apps/api/event'
import { describe, expect, it } from 'vitest'
import { appError } from './fake/door'
import { findings, local } from './fake/data'
import { kit } from './fake/setup'
import { calls, expectAccessible, expectNoBareKeys, languages, openWindow, screen, waitFor } from './render'

const sections = ['profile', 'connections', 'crm', 'keychain', 'lock', 'appearance', 'findings', 'about']

describe.each(languages)('screens in %s', (language) => {
  it('overview', async () => {
    openWindow(language)
    await screen.findByTestId('attention-failed_logins_burst')
    expect(screen.getByTestId('health')).toBeTruthy()
    await expectAccessible()
    expectNoBareKeys()
  })

  it('sign-in, with a locked keychain', async () => {
    openWindow(language, {
      stage: 'locked',
      keychain: { state: 'locked', store: 'Secret Service', detail: '' },
    })
    await screen.findByTestId('sign-in')
    expect((await screen.findByTestId('keychain-notice')).dataset['state']).toBe('locked')
    await expectAccessible()
    expectNoBareKeys()
  })

  it('restore with a kit', async () => {
    const { user } = openWindow(language, { stage: 'locked' })
    await user.click(await screen.findByTestId('restore'))
    await screen.findByTestId('restore-page')
    await expectAccessible()
    expectNoBareKeys()
  })

  it.each(sections)('settings: %s', async (section) => {
    window.location.hash = `#/settings/${section}`
    openWindow(language)
    await screen.findByTestId('settings')
    await waitFor(() => expect(screen.getByTestId(`settings-${section}`).getAttribute('aria-current')).toBe('page'))
    await expectAccessible()
    expectNoBareKeys()
  })

  it('palette', async () => {
    const { user } = openWindow(language)
    await screen.findByTestId('overview')
    await user.keyboard('{Control>}k{/Control}')
    const search = await screen.findByTestId('palette-search')
    await expectAccessible()
    await user.type(search, '10.0.0.0/8')
    expect(await screen.findByTestId('palette-byIp')).toBeTruthy()
    await user.keyboard('{ArrowDown}{Enter}')
    await waitFor(() => expect((screen.getByTestId('audit-query') as HTMLInputElement).value).toBe('ip:10.0.0.0/8'))
  })
})

describe('the lock', () => {
  it('refuses a wrong passphrase in words and forgets what was typed', async () => {
    const { user } = openWindow('es', { stage: 'locked' })
    await user.type(await screen.findByTestId('sign-in-passphrase'), 'mal{Enter}')
    expect((await screen.findByTestId('sign-in-error')).dataset['code']).toBe('WRONG_PASSPHRASE')
    expect((screen.getByTestId('sign-in-passphrase') as HTMLInputElement).value).toBe('')
    await user.type(screen.getByTestId('sign-in-passphrase'), 'bien{Enter}')
    expect(await screen.findByTestId('overview')).toBeTruthy()
  })

  it('closes with Ctrl+L and says why', async () => {
    const { user, fake } = openWindow('es')
    await screen.findByTestId('overview')
    await user.keyboard('{Control>}l{/Control}')
    expect(await screen.findByTestId('sign-in')).toBeTruthy()
    expect(screen.getByText('La consola está bloqueada.')).toBeTruthy()
    expect(calls(fake, 'lock')).toHaveLength(1)
  })

  it('leaves nothing of the session behind when Rust locks', async () => {
    const { user, fake } = openWindow('en')
    await user.click(await screen.findByTestId('nav-audit'))
    await screen.findAllByTestId('audit-row')
    Object.assign(fake.status, { stage: 'locked', session: null })
    await emit('session-locked', { reason: 'idle' })
    expect(await screen.findByTestId('sign-in')).toBeTruthy()
    expect(screen.getByText('The console locked itself after a time without use.')).toBeTruthy()
    expect(document.body.textContent).not.toContain('@empresa')
  })

  it('notices that the session is over when a command says so', async () => {
    const { fake } = openWindow('en', {
      answers: {
        overview: () => {
          Object.assign(fake.status, { stage: 'locked', session: null })
          throw appError('NOT_SIGNED_IN')
        },
      },
    })
    expect(await screen.findByTestId('sign-in')).toBeTruthy()
  })

  it('tells Rust that somebody is here, at most every ten seconds', async () => {
    const { user, fake } = openWindow('en')
    await screen.findByTestId('overview')
    await user.keyboard('abc')
    expect(calls(fake, 'activity')).toHaveLength(1)
  })
})

describe('keychain and kit', () => {
  it('offers to unlock a locked keychain', async () => {
    const keychain = { state: 'locked', store: 'Secret Service', detail: '' } as const
    const { user, fake } = openWindow('es', { stage: 'locked', keychain })
    await user.click(await screen.findByTestId('keychain-unlock'))
    await waitFor(() => expect(screen.queryByTestId('keychain-notice')).toBeNull())
    expect(calls(fake, 'keychain_unlock')).toHaveLength(1)
  })

  it('keeps the words of the system about a missing keychain for who asks', async () => {
    const keychain = { state: 'missing', store: 'Secret Service', detail: 'zbus error: no such file' } as const
    openWindow('en', { stage: 'locked', keychain })
    const detail = await screen.findByTestId('keychain-detail')
    expect(detail.hasAttribute('open')).toBe(false)
    expect(detail.textContent).toContain('zbus error')
    await expectAccessible()
  })

  it.each(languages)(
    'says where a changed connection leads, and changes it with the passphrase (%s)',
    async (language) => {
      const { user, fake } = openWindow(language, {
        stage: 'locked',
        answers: {
          sign_in: () => {
            throw appError('CONNECTION_CHANGED', {
              parts: 'host',
              sealed: 'host=db.example.com',
              found: 'host=203.0.113.9',
            })
          },
        },
      })
      await user.type(await screen.findByTestId('sign-in-passphrase'), 'una frase larga')
      await user.click(screen.getByTestId('sign-in-submit'))
      const error = await screen.findByTestId('sign-in-error')
      expect(error.textContent).toContain('host=db.example.com')
      expect(error.textContent).toContain('host=203.0.113.9')
      await user.click(screen.getByTestId('sign-in-redirect'))
      await user.clear(await screen.findByTestId('redirect-host'))
      await user.type(screen.getByTestId('redirect-host'), 'db.example.com')
      expect((screen.getByTestId('redirect-save') as HTMLButtonElement).disabled).toBe(true)
      await user.type(screen.getByTestId('redirect-passphrase'), 'una frase larga')
      await expectAccessible()
      expectNoBareKeys()
      await user.click(screen.getByTestId('redirect-save'))
      await waitFor(() => expect(calls(fake, 'connection_redirect')).toHaveLength(1))
      await waitFor(() => expect(screen.queryByTestId('sign-in-error')).toBeNull())
    },
  )

  it('makes a further recovery kit', async () => {
    window.location.hash = '#/settings/keychain'
    const { user, fake } = openWindow('en')
    await user.click(await screen.findByTestId('kit-begin'))
    await user.type(await screen.findByTestId('kit-passphrase-current'), 'mal')
    await expectAccessible()
    await user.click(screen.getByTestId('kit-begin-submit'))
    expect((await screen.findByTestId('kit-begin-error')).dataset['code']).toBe('WRONG_PASSPHRASE')
    expect(screen.queryByTestId('kit-words')).toBeNull()
    await user.type(screen.getByTestId('kit-passphrase-current'), 'una frase larga')
    await user.click(screen.getByTestId('kit-begin-submit'))
    await screen.findByTestId('kit-words')
    await expectAccessible()
    await user.click(screen.getByTestId('kit-stored'))
    await user.click(screen.getByTestId('kit-next'))
    for (const [index, position] of kit.ask.entries()) {
      await user.type(screen.getByTestId(`kit-word-${index + 1}`), kit.words[position - 1]!)
    }
    await user.click(screen.getByTestId('kit-confirm'))
    await waitFor(() => expect(screen.queryByTestId('kit-confirm')).toBeNull())
    expect(calls(fake, 'setup_confirm_kit')).toHaveLength(1)
  })
})

describe('overview and settings', () => {
  it('leads from an attention item into the audit with its filter', async () => {
    const { user } = openWindow('en')
    const item = await screen.findByTestId('attention-failed_logins_burst')
    await user.click(item.querySelector('button')!)
    await waitFor(() => expect(screen.getByTestId('audit-count').dataset['count']).toBe('400'))
  })

  it('changes the language at once, everywhere', async () => {
    const { user, fake } = openWindow('es')
    await screen.findByTestId('overview')
    await user.click(screen.getByTestId('preferences'))
    await user.click(await screen.findByTestId('language-en'))
    await waitFor(() => expect(screen.getByTestId('nav-audit').textContent).toContain('Audit'))
    expect(document.documentElement.lang).toBe('en')
    expect(calls(fake, 'preferences_save').at(-1)?.req).toMatchObject({ language: 'en' })
  })

  it('tells one attack once, and the worst first', async () => {
    // The attack that the findings tell ended a minute ago.
    openWindow('en', {
      answers: { audit_findings: () => ({ found: findings(Date.now() + 1_140_000), late: [], failed: [], more: [] }) },
    })
    await screen.findByTestId('found-failed_logins')
    expect(screen.queryByTestId('attention-failed_logins_burst')).toBeNull()
    const lines = [...screen.getByTestId('attention').querySelectorAll<HTMLElement>('li[data-testid]')]
    const place = (id: string) => lines.findIndex((line) => line.dataset['testid'] === id)
    expect(place('attention-direct_changes')).toBeLessThan(place('attention-plaintext_credentials'))
    expect(place('found-failed_logins')).toBeLessThan(place('attention-plaintext_credentials'))
    expect(place('found-rights_raised')).toBeLessThan(place('attention-secrets_not_imported'))
  })

  it('names the shortcuts where the preferences are', async () => {
    const { user } = openWindow('en')
    await user.click(await screen.findByTestId('preferences'))
    await user.click(await screen.findByTestId('show-shortcuts'))
    expect(await screen.findByText('In the query')).toBeTruthy()
  })

  it('opens the palette from within a field', async () => {
    window.location.hash = '#/settings/profile'
    const { user } = openWindow('en')
    await user.click(await screen.findByTestId('profile-first-name'))
    await user.keyboard('{Control>}k{/Control}')
    await screen.findByTestId('palette-search')
  })

  it('removes a connection only when its name and the passphrase were typed', async () => {
    window.location.hash = '#/settings/connections'
    const { user, fake } = openWindow('es')
    await user.click(await screen.findByTestId(`connection-remove-${local.id}`))
    const submit = await screen.findByTestId('connection-remove-submit')
    expect(submit).toHaveProperty('disabled', true)
    await expectAccessible()
    await user.type(screen.getByTestId('connection-remove-name'), local.name)
    expect(submit).toHaveProperty('disabled', true)
    await user.type(screen.getByTestId('connection-remove-passphrase'), 'mal')
    await user.click(submit)
    expect((await screen.findByTestId('connection-remove-error')).dataset['code']).toBe('WRONG_PASSPHRASE')
    await user.type(screen.getByTestId('connection-remove-passphrase'), 'la frase')
    await user.click(submit)
    const request = { id: local.id, passphrase: 'la frase' }
    await waitFor(() => expect(calls(fake, 'connection_remove')[1]?.req).toEqual(request))
    await waitFor(() => expect(screen.queryByTestId(`connection-remove-${local.id}`)).toBeNull())
  })

  it('asks for the passphrase to lock later, and only then', async () => {
    window.location.hash = '#/settings/lock'
    const { user, fake } = openWindow('es')
    const saved = () => calls(fake, 'preferences_save').map((call) => call.req)
    const pick = async (minutes: string) => {
      await user.click(await screen.findByTestId('lock-minutes'))
      await user.click(await screen.findByRole('option', { name: new RegExp(`^${minutes} `), hidden: true }))
    }
    await pick('5')
    await waitFor(() => expect(saved()).toHaveLength(1))
    await pick('60')
    const field = await screen.findByTestId('lock-later-passphrase')
    expect(saved()).toHaveLength(1)
    await expectAccessible()
    await user.type(field, 'mal')
    await user.click(screen.getByTestId('lock-later-submit'))
    expect((await screen.findByTestId('lock-later-error')).dataset['code']).toBe('WRONG_PASSPHRASE')
    expect(screen.getByTestId('lock-minutes')).toHaveProperty('value', '5 minutos sin uso')
    await user.type(field, 'la frase')
    await user.click(screen.getByTestId('lock-later-submit'))
    await waitFor(() => expect(screen.getByTestId('lock-minutes')).toHaveProperty('value', '60 minutos sin uso'))
    expect(saved().at(-1)).toMatchObject({ auto_lock_minutes: 60, passphrase: 'la frase' })
    expect(screen.queryByTestId('lock-later-passphrase')).toBeNull()
  })

  it.each(languages)('says in words what the keychain fails at, in %s', async (language) => {
    window.location.hash = '#/settings/keychain'
    const detail = 'there is no keychain service: org.freedesktop.DBus.Error.ServiceUnknown'
    const doctor = [
      { code: 'keychain_reach', state: 'ready', detail: '' },
      { code: 'keychain_write', state: 'missing', detail },
    ]
    openWindow(language, { answers: { keychain_doctor: () => doctor } })
    const line = await screen.findByTestId('keychain_write')
    expect(line.dataset['state']).toBe('missing')
    expect(line.textContent).toContain(language === 'es' ? 'No hay un llavero' : 'No keychain is running')
    expectNoBareKeys()
    const said = screen.getByTestId('doctor-detail')
    expect(said).toHaveProperty('open', false)
    expect(said.textContent).toContain(detail)
    expect(line.textContent?.replace(said.textContent ?? '', '')).not.toContain('freedesktop')
    await expectAccessible()
  })

  it('hides what the caller may not open', async () => {
    openWindow('es', { session: { permissions: [] } })
    await screen.findByTestId('nav-overview')
    expect(screen.queryByTestId('nav-audit')).toBeNull()
  })

  it('shows production unmistakably, and only where it is', async () => {
    openWindow('es')
    expect((await screen.findByTestId('production')).textContent).toBe('Producción')
  })
})
