// Taking something out of the log: a copy, an export.
import { afterEach, describe, expect, it, vi } from 'vitest'
import { exportNow } from '../src/audit/exportStore'
import { liveRate } from './fake/data'
import { appError } from './fake/door'
import { calls, languages, openAudit, screen, waitFor } from './render'

const said = () => screen.getByTestId('audit-copied').textContent
const copied = () => navigator.clipboard.readText()

describe('a copy by key', () => {
  afterEach(() => vi.unstubAllGlobals())

  it('of a filter takes the row, and of an open event what was read', async () => {
    const { user, fake } = await openAudit('en')
    await user.keyboard('j')
    await user.keyboard('q')
    await waitFor(() => expect(said()).toBe('Copied'))
    expect(await copied()).toContain('type:')
    expect(calls(fake, 'audit_read')).toHaveLength(0)
    await user.keyboard('{Enter}')
    await screen.findByTestId('payload')
    await user.keyboard('c')
    await waitFor(async () => expect(await copied()).toContain('"payload"'))
    expect(calls(fake, 'audit_read')).toHaveLength(1)
  })

  it('gives the clipboard a promise where the event has to be read first', async () => {
    const given: Record<string, Promise<Blob>>[] = []
    vi.stubGlobal('ClipboardItem', class {
      constructor(parts: Record<string, Promise<Blob>>) {
        given.push(parts)
      }
    }) // prettier-ignore
    const { user, fake } = await openAudit('en', { delay: 20 })
    const write = vi.spyOn(navigator.clipboard, 'write').mockResolvedValue()
    const text = vi.spyOn(navigator.clipboard, 'writeText')
    await user.keyboard('j')
    await user.keyboard('c')
    // Within the key, before the answer is there.
    expect(write).toHaveBeenCalledTimes(1)
    expect(await (await given[0]!['text/plain']!).text()).toContain('"payload"')
    await waitFor(() => expect(said()).toBe('Copied'))
    expect(calls(fake, 'audit_read')).toHaveLength(1)
    expect(text).not.toHaveBeenCalled()
  })

  it.each(languages)('that fails says so, and why (%s)', async (language) => {
    const { user } = await openAudit(language, {
      answers: {
        audit_read: () => {
          throw appError('ACCESS_DENIED')
        },
      },
    })
    await user.keyboard('j')
    await user.keyboard('c')
    await waitFor(() =>
      expect(said()).toContain(
        language === 'es' ? 'No se pudo copiar. Su rol no permite' : 'It could not be copied. Your role does not allow',
      ),
    )
    vi.spyOn(navigator.clipboard, 'writeText').mockRejectedValue(new DOMException('no', 'NotAllowedError'))
    await user.keyboard('q')
    await waitFor(() => expect(said()).toBe(language === 'es' ? 'No se pudo copiar.' : 'It could not be copied.'))
  })
})

describe('the export', () => {
  it('is not opened by its key for who may not', async () => {
    const { user } = await openAudit('en', { session: { permissions: ['audit.list', 'audit.read'] } })
    screen.getByTestId('audit-list').focus()
    await user.keyboard('e')
    await new Promise((after) => setTimeout(after, 100))
    expect(screen.queryByTestId('export-dialog')).toBeNull()
  })

  it('is not opened by its key while another one runs', async () => {
    const { user } = await openAudit('en', { delay: 15 })
    screen.getByTestId('audit-list').focus()
    await user.keyboard('e')
    await user.click(await screen.findByTestId('export-start'))
    await waitFor(() => expect(exportNow().stage).toBe('running'))
    await user.click(screen.getByTestId('export-pause'))
    await waitFor(() => expect(screen.queryByTestId('export-dialog')).toBeNull())
    screen.getByTestId('audit-list').focus()
    await user.keyboard('e')
    await new Promise((after) => setTimeout(after, 100))
    expect(screen.queryByTestId('export-dialog')).toBeNull()
    // What is said aloud has no numbers that change.
    const spoken = screen.getByTestId('export-spoken')
    expect(spoken.textContent).toBe('Export paused: CSV')
    expect(screen.getByTestId('export-bar').closest('[role="status"]')).toBeNull()
    expect(screen.getByTestId('export-bar').getAttribute('role')).not.toBe('status')
    await user.click(screen.getByTestId('export-cancel'))
    await waitFor(() => expect(spoken.textContent).toContain('cancelled'))
  })

  it.each(languages)('says that nothing was counted where that failed (%s)', async (language) => {
    const { user } = await openAudit(language, {
      answers: {
        audit_count: () => {
          throw appError('QUERY_TOO_BROAD')
        },
      },
    })
    await user.click(screen.getByTestId('export'))
    await waitFor(() =>
      expect(screen.getByTestId('export-count').textContent).toBe(
        language === 'es' ? 'No se pudo contar' : 'Could not count',
      ),
    )
  })

  it('says the number that the screen shows, after a pause too', async () => {
    liveRate.perSecond = 5
    const { user, fake } = await openAudit('en')
    let known = 1_200
    fake.answers['audit_count'] = () => ({ count: known, capped: false })
    screen.getByTestId('audit-list').focus()
    await user.keyboard('l')
    await screen.findByTestId('live-come', {}, { timeout: 4_000 })
    known = 1_300
    await user.keyboard('j')
    await waitFor(() => expect(screen.getByTestId('audit-count').dataset['count']).toBe('1300'))
    await user.keyboard('e')
    await waitFor(() => expect(screen.getByTestId('export-count').textContent).toContain('1,300'))
  })
})
