import { Modal } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Keys } from '../look/Keys'
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
  ['↑ ↓', 'walk'],
  ['Home End', 'ends'],
  ['Enter', 'open'],
  ['Esc', 'close'],
  ['/', 'filter'],
  ['x', 'clear'],
  ['e', 'export'],
  ['r', 'refresh'],
] as const

export function Shortcuts({ opened, close }: { opened: boolean; close: () => void }) {
  const { t } = useTranslation()
  const list = (rows: readonly (readonly [string, string])[]) => (
    <dl className={css.list}>
      {rows.map(([keys, what]) => (
        <div key={what} className={css.row}>
          <dt>{t(`frame.shortcuts.${what}`)}</dt>
          <dd>
            <span className={css.spoken}>{keys}</span>
            <Keys keys={keys} />
          </dd>
        </div>
      ))}
    </dl>
  )
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={t('frame.shortcuts.title')}
      size="lg"
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <div className={css.columns}>
        <section>
          <h3>{t('frame.shortcuts.everywhere')}</h3>
          {list(everywhere)}
        </section>
        <section>
          <h3>{t('frame.shortcuts.inAudit')}</h3>
          {list(inAudit)}
        </section>
      </div>
    </Modal>
  )
}
