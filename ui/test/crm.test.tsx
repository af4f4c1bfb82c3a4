import { describe, expect, it } from 'vitest'
import { appError } from './fake/door'
import { connection, undo } from './fake/data'
import { calls, expectAccessible, expectNoBareKeys, languages, openWindow, screen, waitFor, within } from './render'

type User = ReturnType<typeof openWindow>['user']

async function logins(user: User) {
  await user.type(await screen.findByTestId('undo-admin-user'), 'dba')
  await user.type(screen.getByTestId('undo-admin-password'), 'secreto-del-dba')
  await user.type(screen.getByTestId('undo-owner-user'), 'crm_app')
  await user.type(screen.getByTestId('undo-owner-password'), 'secreto-del-crm')
  await user.click(screen.getByTestId('undo-preview'))
}

describe.each(languages)('the CRM that was here before, in %s', (language) => {
  it('is named on Overview, and what it may do beside it', async () => {
    const { user } = openWindow(language)
    const line = await screen.findByTestId('attention-legacy_login_active')
    expect(line.textContent).toContain('crm_app, crm_web')
    await user.click(within(line).getByRole('button'))
    const login = await screen.findByTestId('crm-login-crm_web')
    const log = within(login).getByRole('row', { name: /system_events/ })
    const cells = within(log).getAllByRole('cell')
    const [yes, no] = language === 'es' ? ['sí', 'no'] : ['yes', 'no']
    expect(cells.map((cell: HTMLElement) => cell.textContent)).toEqual([yes, yes, no, no])
    expect(login.textContent).toMatch(/6/)
    await expectAccessible()
    expectNoBareKeys()
  })

  it('is given its database back after the effect was shown and the name typed', async () => {
    window.location.hash = '#/settings/crm'
    const { user, fake } = openWindow(language)
    await user.click(await screen.findByTestId('crm-revert-begin'))
    await expectAccessible()
    await logins(user)
    const effect = await screen.findByTestId('undo-effect')
    expect(within(effect).getByTestId('undo-table-leads').textContent?.replace(/\D/g, '')).toBe('20002071')
    expect(effect.textContent).toMatch(/15[.,\s ]462/)
    await expectAccessible()
    expectNoBareKeys()
    const submit = screen.getByTestId('undo-submit') as HTMLButtonElement
    await user.type(screen.getByTestId('undo-name'), undo.database.slice(0, -1))
    expect(submit.disabled).toBe(true)
    await user.type(screen.getByTestId('undo-name'), undo.database.slice(-1))
    await user.click(submit)
    await screen.findByTestId('undo-done')
    await expectAccessible()
    expectNoBareKeys()
    const [sent] = calls(fake, 'adoption_revert')
    expect(sent?.req).toMatchObject({
      confirm: connection.database,
      administrator: { host: connection.host, database: connection.database, user: 'dba', password: 'secreto-del-dba' },
      owner: { host: connection.host, user: 'crm_app', password: 'secreto-del-crm' },
    })
    await user.click(screen.getByTestId('undo-leave'))
    await screen.findByTestId('sign-in')
  })

  it('loses its rights, and what goes wrong is said', async () => {
    window.location.hash = '#/settings/crm'
    const { user } = openWindow(language, {
      answers: {
        adoption_finish: () => {
          throw appError('ADOPTION_RUNNING', { database: 'otra' })
        },
      },
    })
    await user.click(await screen.findByTestId('crm-finish-begin'))
    await logins(user)
    await user.type(await screen.findByTestId('undo-name'), undo.database)
    await user.click(screen.getByTestId('undo-submit'))
    expect((await screen.findByTestId('undo-error')).dataset['code']).toBe('ADOPTION_RUNNING')
    await expectAccessible()
    expectNoBareKeys()
  })
})

describe('ending what the CRM may do', () => {
  it('says why when the logins do not fit, and keeps what was typed', async () => {
    window.location.hash = '#/settings/crm'
    const { user } = openWindow('es', {
      answers: {
        adoption_preview: () => {
          throw appError('DB_AUTH_FAILED')
        },
      },
    })
    await user.click(await screen.findByTestId('crm-finish-begin'))
    await logins(user)
    expect((await screen.findByTestId('undo-error')).dataset['code']).toBe('DB_AUTH_FAILED')
    expect((screen.getByTestId('undo-admin-user') as HTMLInputElement).value).toBe('dba')
  })

  it('is not offered to who may not', async () => {
    window.location.hash = '#/settings/crm'
    openWindow('en', { session: { permissions: ['audit.list'] } })
    await screen.findByTestId('crm-finish')
    expect(screen.queryByTestId('crm-finish-begin')).toBeNull()
    expect(screen.queryByTestId('crm-revert-begin')).toBeNull()
  })

  it('finishes, and says so', async () => {
    window.location.hash = '#/settings/crm'
    const { user } = openWindow('en')
    await user.click(await screen.findByTestId('crm-finish-begin'))
    await logins(user)
    await user.type(await screen.findByTestId('undo-name'), undo.database)
    await user.click(screen.getByTestId('undo-submit'))
    await user.click(await screen.findByTestId('undo-leave'))
    await waitFor(() => expect(screen.queryByTestId('undo-done')).toBeNull())
  })
})
