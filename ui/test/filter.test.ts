import { describe, expect, it } from 'vitest'
import { isAddress } from '../src/audit/address'
import { activeCount, emptyFilter, fromWire, isEmpty, toWire } from '../src/audit/filter'
import { checkFilter, filterOf } from '../src/audit/filterStore'
import { fromLocalInput, toLocalInput } from '../src/audit/period'
import { forgetPersisted } from '../src/app/persisted'

const now = Date.parse('2026-02-01T12:00:00Z')

describe('filter', () => {
  it('sends a relative period as the instant it means now', () => {
    const wire = toWire({ ...emptyFilter, period: { kind: 'last', last: 'h24' } }, null, now)
    expect([wire.after, wire.before]).toEqual(['2026-01-31T12:00:00.000Z', null])
  })

  it('lets the tenant of the top bar win', () => {
    const wire = toWire({ ...emptyFilter, tenants: [1, 2], system: true }, 5, now)
    expect([wire.tenants, wire.system]).toEqual([[5], false])
  })

  it('comes back from the wire', () => {
    const filter = { ...emptyFilter, ip: '10.0.0.0/8', types: ['login_failed'] }
    expect(fromWire(toWire(filter, null, now))).toEqual(filter)
    expect(activeCount(filter)).toBe(2)
    expect(isEmpty(emptyFilter)).toBe(true)
  })
})

describe('filter store', () => {
  it('remembers per connection and across windows', () => {
    filterOf('one').write({ ...emptyFilter, ip: '203.0.113.77' })
    forgetPersisted()
    expect(filterOf('one').read().ip).toBe('203.0.113.77')
    expect(filterOf('two').read()).toEqual(emptyFilter)
  })

  it.each([
    [null],
    ['text'],
    [{ types: 'login_failed' }],
    [{ severities: ['dire'] }],
    [{ tenants: ['1'] }],
    [{ period: { kind: 'last', last: 'h5' } }],
    [{ period: { kind: 'between', after: 5, before: null } }],
  ])('drops what is no filter: %j', (stored) => {
    expect(checkFilter(stored)).toBeNull()
  })

  it('survives a store that holds rubbish', () => {
    localStorage.setItem('atalaya.audit-filter.bad', '{"types":')
    expect(filterOf('bad').read()).toEqual(emptyFilter)
  })
})

describe('isAddress', () => {
  it.each([
    '203.0.113.77',
    '10.0.0.0/8',
    '::',
    '::1',
    '2001:db8::c7f9',
    '2001:db8::/32',
    '::ffff:10.0.0.1',
    '1:2:3:4:5:6:7:8',
  ])('takes %s', (text) => expect(isAddress(text)).toBe(true))
  it.each([
    '',
    'unknown',
    '10.0.0',
    '256.1.1.1',
    '10.0.0.0/33',
    '10.0.0.0/',
    ':::',
    '1:2:3',
    '2001:db8::1::2',
    '::1/129',
    'a/b/c',
  ])('refuses %s', (text) => expect(isAddress(text)).toBe(false))
})

describe('typed times', () => {
  it('reads a day, a minute and a second in local time', () => {
    const typed = '2026-01-26 20:00:05'
    expect(fromLocalInput(typed)).toBe(new Date(2026, 0, 26, 20, 0, 5).toISOString())
    expect(toLocalInput(fromLocalInput(typed))).toBe(typed)
    expect(fromLocalInput('2026-01-26')).toBe(new Date(2026, 0, 26).toISOString())
  })
  it.each(['', '26/01/2026', '2026-02-31', '2026-01-26 20:75', 'ayer'])('is nothing for %j', (text) => {
    expect(fromLocalInput(text)).toBeNull()
  })
})
