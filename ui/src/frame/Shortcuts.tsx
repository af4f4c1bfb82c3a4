import { Modal } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Keys, useKeyNames } from '../look/Keys'
import css from './Shortcuts.module.css'

const everywhere = [
  ['mod K', 'palette'],
  ['mod L', 'lock'],
  ['g o', 'goOverview'],
  ['g a', 'goAudit'],
  ['g s', 'goSettings'],
  ['?', 'help'],
] as const
const inAudit = [
  ['/', 'query'],
  ['d', 'time'],
  ['f', 'facets'],
  ['h', 'histogram'],
  ['v', 'views'],
  ['i', 'findings'],
  ['x', 'clear'],
  ['b', 'back'],
  ['l', 'live'],
  ['p', 'pause'],
  ['n', 'catchUp'],
  ['r', 'refresh'],
  ['e', 'export'],
  ['[ ]', 'panels'],
] as const
const inList = [
  ['↑ ↓ j k', 'walk'],
  ['PgUp PgDn', 'pages'],
  ['Home End', 'ends'],
  ['Enter', 'open'],
  ['Esc', 'close'],
  ['c', 'copyJson'],
  ['y', 'copyLink'],
  ['q', 'copyFilter'],
] as const
const inQuery = [
  ['Ctrl Space', 'offer'],
  ['↑ ↓', 'offers'],
  ['Tab', 'take'],
  ['Enter', 'ask'],
  ['Esc', 'leaveQuery'],
] as const
const inFindings = [['↑ ↓', 'walkThem']] as const
const inFacets = [
  ['↑ ↓', 'values'],
  ['Enter', 'include'],
  ['-', 'exclude'],
] as const
const inHistogram = [
  ['← →', 'bars'],
  ['Shift ← →', 'span'],
  ['Enter', 'zoom'],
  ['Esc', 'zoomOut'],
] as const

export function Shortcuts({ opened, close }: { opened: boolean; close: () => void }) {
  const { t } = useTranslation()
  const names = useKeyNames()
  const list = (rows: readonly (readonly [string, string])[]) => (
    <dl className={css.list}>
      {rows.map(([keys, what]) => (
        <div key={keys + what} className={css.row}>
          <dt>{t(`frame.shortcuts.${what}`)}</dt>
          <dd>
            <span className="spoken">{names(keys).join(' ')}</span>
            <Keys keys={keys} />
          </dd>
        </div>
      ))}
    </dl>
  )
  const section = (name: string, rows: readonly (readonly [string, string])[]) => (
    <section>
      <h3>{t(`frame.shortcuts.${name}`)}</h3>
      {list(rows)}
    </section>
  )
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={t('frame.shortcuts.title')}
      size="xl"
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <div className={css.columns}>
        <div>
          {section('everywhere', everywhere)}
          {section('inList', inList)}
          {section('inHistogram', inHistogram)}
        </div>
        <div>
          {section('inAudit', inAudit)}
          {section('inQuery', inQuery)}
          {section('inFacets', inFacets)}
          {section('inFindings', inFindings)}
        </div>
      </div>
    </Modal>
  )
}
