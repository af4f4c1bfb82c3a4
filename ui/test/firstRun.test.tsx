import { describe, expect, it } from 'vitest'
import { appError } from './fake/door'
import { inspection, kit } from './fake/setup'
import { calls, expectAccessible, expectNoBareKeys, languages, openWindow, screen, waitFor } from './render'

const good = 'caballo grapa bateria correcta'

async function administrator(user: ReturnType<typeof openWindow>['user']) {
  await user.type(await screen.findByTestId('admin-name'), 'Ana Ruiz')
  await user.type(screen.getByTestId('admin-email'), 'ana@example.com')
  await user.type(screen.getByTestId('passphrase'), good)
  await user.type(screen.getByTestId('passphrase-repeat'), good)
  await waitFor(() => expect(screen.getByTestId('admin-submit')).toHaveProperty('disabled', false))
  await expectAccessible()
  await user.click(screen.getByTestId('admin-submit'))
}

async function confirmKit(user: ReturnType<typeof openWindow>['user']) {
  await screen.findByTestId('kit-words')
  expect(document.activeElement?.tagName).toBe('H1')
  await expectAccessible()
  await user.click(screen.getByTestId('kit-stored'))
  await user.click(screen.getByTestId('kit-next'))
  for (const [index, position] of kit.ask.entries()) {
    await user.type(screen.getByTestId(`kit-word-${index + 1}`), kit.words[position - 1]!)
  }
  await expectAccessible()
  await user.click(screen.getByTestId('kit-confirm'))
}

describe.each(languages)('first run in %s', (language) => {
  it('makes a local workspace and ends on Overview', async () => {
    const { user, fake } = openWindow(language, { stage: 'first_run' })
    await screen.findByTestId('first-run')
    await expectAccessible()
    expectNoBareKeys()
    await user.click(screen.getByTestId('first-run-local'))
    await administrator(user)
    await confirmKit(user)
    expect(await screen.findByTestId('overview')).toBeTruthy()
    expect(calls(fake, 'workspace_create')[0]?.req).toEqual({ sample_data: true })
    expect(calls(fake, 'setup_administrator')[0]?.req).toMatchObject({
      link_user_id: null,
      crm_password: null,
      production: false,
    })
  })

  it('adopts a CRM: connect, inspect, apply, link the CEO, kit, .env', async () => {
    const { user, fake } = openWindow(language, { stage: 'first_run' })
    await user.click(await screen.findByTestId('first-run-connect'))
    await user.type(screen.getByTestId('connect-admin-database'), 'crm_ventas')
    await user.type(screen.getByTestId('connect-admin-user'), 'dba')
    await user.type(screen.getByTestId('connect-admin-password'), 'secreto')
    await user.type(screen.getByTestId('connect-owner-user'), 'crm_app')
    await user.type(screen.getByTestId('connect-owner-password'), 'otro')
    await user.click(screen.getByTestId('connect-admin-test'))
    await screen.findByTestId('connect-admin-report')
    await expectAccessible()
    await user.click(screen.getByTestId('connect-inspect'))
    await screen.findByTestId('finding-credential_plaintext')
    await expectAccessible()
    expectNoBareKeys()
    expect(calls(fake, 'adoption_inspect')[0]?.req).toMatchObject({
      administrator: { user: 'dba', database: 'crm_ventas', dsn: null, tls: null },
      owner: { user: 'crm_app', password: 'otro', database: 'crm_ventas' },
    })
    // What the data leaves open is asked for first.
    expect(screen.getByTestId('inspect-apply')).toHaveProperty('disabled', true)
    await user.click(screen.getByTestId('choice-credential_duplicates-newest'))
    await user.click(screen.getByTestId('inspect-apply'))
    await screen.findByTestId('admin-submit')
    expect(calls(fake, 'adoption_apply')[0]?.req).toMatchObject({ decisions: { credential_duplicates: 'newest' } })
    await user.click(await screen.findByText(language === 'es' ? /Un CEO que ya existe/ : /A CEO who exists/))
    await screen.findByTestId('admin-candidate')
    await user.type(screen.getByTestId('passphrase'), good)
    await user.type(screen.getByTestId('passphrase-repeat'), good)
    await waitFor(() => expect(screen.getByTestId('admin-submit')).toHaveProperty('disabled', false))
    await user.click(screen.getByTestId('admin-submit'))
    await confirmKit(user)
    await user.click(await screen.findByTestId('env-choose'))
    expect((await screen.findByTestId('env-report')).textContent).toContain('CREDENTIALS_FERNET_KEY')
    await expectAccessible()
    expectNoBareKeys()
    await user.click(screen.getByTestId('env-done'))
    expect(await screen.findByTestId('overview')).toBeTruthy()
    expect(calls(fake, 'setup_administrator')[0]?.req).toMatchObject({ email: 'ceo@example.com', production: true })
  })
})

describe('first run', () => {
  it('takes a connection string as it is', async () => {
    const { user, fake } = openWindow('en', { stage: 'first_run' })
    await user.click(await screen.findByTestId('first-run-connect'))
    await user.click(document.querySelector<HTMLInputElement>('input[type="radio"][value="dsn"]')!)
    await user.type(screen.getByTestId('connect-admin-dsn'), 'postgresql://dba:x@db/crm')
    await user.click(screen.getByTestId('connect-owner-same'))
    await user.click(screen.getByTestId('connect-inspect'))
    await screen.findByTestId('inspection')
    expect(calls(fake, 'adoption_inspect')[0]?.req).toMatchObject({
      administrator: { dsn: 'postgresql://dba:x@db/crm' },
      owner: null,
    })
  })

  it('says how a take-over stands, and goes on with one that has no administrator', async () => {
    const adopted = {
      ...inspection,
      kind: 'adopted',
      can_apply: false,
      findings: [],
      steps: [],
      taken: { at: '2026-11-20T09:00:00Z', by: 'dba', completed: false, finished_at: null, can_be_undone: true },
    }
    const { user, fake } = openWindow('en', {
      stage: 'first_run',
      answers: { adoption_inspect: () => adopted },
    })
    await user.click(await screen.findByTestId('first-run-connect'))
    await screen.findByTestId('connect-owner-same')
    await user.click(document.querySelector<HTMLInputElement>('input[type="radio"][value="dsn"]')!)
    await user.type(screen.getByTestId('connect-admin-dsn'), 'postgresql://dba:x@db/crm')
    await user.click(screen.getByTestId('connect-owner-same'))
    await user.click(screen.getByTestId('connect-inspect'))
    const standing = await screen.findByTestId('standing')
    expect(standing.textContent).toContain('dba')
    expect(standing.textContent).toContain('no first administrator')
    await expectAccessible()
    adopted.taken.completed = true
    await user.click(screen.getByTestId('inspect-again'))
    await waitFor(() => expect(screen.queryByTestId('inspect-apply')).toBeNull())
    adopted.taken.completed = false
    await user.click(screen.getByTestId('inspect-again'))
    await user.click(await screen.findByTestId('inspect-apply'))
    await waitFor(() => expect(calls(fake, 'adoption_apply')).toHaveLength(1))
  })

  it('explains what stops it and goes on when the cause is gone', async () => {
    const { user, fake } = openWindow('es', {
      stage: 'first_run',
      answers: {
        workspace_create: () => {
          throw appError('DISK_FULL')
        },
      },
    })
    await user.click(await screen.findByTestId('first-run-local'))
    expect((await screen.findByTestId('error-note')).textContent).toContain('No queda espacio en el disco.')
    await expectAccessible()
    fake.answers['workspace_create'] = () => null
    await user.click(screen.getByTestId('work-retry'))
    expect(await screen.findByTestId('admin-submit')).toBeTruthy()
  })

  it('does not take weak or different passphrases', async () => {
    const { user } = openWindow('en', { stage: 'first_run' })
    await user.click(await screen.findByTestId('first-run-local'))
    await user.type(await screen.findByTestId('admin-name'), 'Ana')
    await user.type(screen.getByTestId('admin-email'), 'ana@example.com')
    await user.type(screen.getByTestId('passphrase'), 'short')
    await waitFor(() => expect(screen.getByTestId('strength').textContent).toContain('fewer than 12'))
    expect(screen.getByTestId('admin-submit')).toHaveProperty('disabled', true)
    await user.type(screen.getByTestId('passphrase'), ' but longer now, really')
    await user.type(screen.getByTestId('passphrase-repeat'), 'another')
    expect(await screen.findByText('The two are not the same.')).toBeTruthy()
    expect(screen.getByTestId('admin-submit')).toHaveProperty('disabled', true)
  })

  it('asks again when the words are wrong', async () => {
    const { user } = openWindow('es', { stage: 'first_run' })
    await user.click(await screen.findByTestId('first-run-local'))
    await administrator(user)
    await screen.findByTestId('kit-words')
    await user.click(screen.getByTestId('kit-stored'))
    await user.click(screen.getByTestId('kit-next'))
    for (const index of [1, 2, 3]) await user.type(screen.getByTestId(`kit-word-${index}`), 'nada')
    await user.click(screen.getByTestId('kit-confirm'))
    expect((await screen.findByTestId('kit-error')).dataset['code']).toBe('KIT_WORDS_WRONG')
  })

  it('says what to install when there is no PostgreSQL', async () => {
    openWindow('es', { stage: 'first_run', postgres: false })
    expect((await screen.findByTestId('no-postgres')).textContent).toContain('sudo apt install postgresql')
    expect(screen.getByTestId('first-run-local')).toHaveProperty('disabled', true)
  })
})
