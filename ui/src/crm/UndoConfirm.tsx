import { Button, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { UndoPreview } from '../backend/types'
import { whole } from '../look/numbers'
import { visible } from '../look/visible'
import { When } from '../look/When'
import type { UndoKind } from './Undo'
import css from './Crm.module.css'

type Props = { kind: UndoKind; preview: UndoPreview; back: () => void; go: (typed: string) => void }

/** What will change, in numbers; then the database's name, typed. */
export function UndoConfirm({ kind, preview, back, go }: Props) {
  const { t, i18n } = useTranslation()
  const [typed, setTyped] = useState('')
  const counted = (key: string, count: number) =>
    t(`crm.effect.${key}`, { count, n: whole(count, i18n.language), logins: preview.logins.map(visible).join(', ') })
  const effects =
    kind === 'finish'
      ? [
          counted('loginsEnd', preview.logins.length),
          counted('connectionsStop', preview.connections),
          t('crm.effect.noWayBack'),
        ]
      : [
          counted('loginsBack', preview.logins.length),
          counted('eventsStay', preview.events_of_crm + preview.events_of_atalaya),
          counted('setAside', preview.set_aside),
          counted('operators', preview.operators),
          counted('secrets', preview.secrets),
          t('crm.effect.forgotten'),
        ]
  const blocked = kind === 'finish' && !preview.completed
  return (
    <form
      className={css.step}
      data-testid="undo-effect"
      onSubmit={(event) => {
        event.preventDefault()
        go(typed)
      }}
    >
      <div>
        <h4 className={css.heading}>{t('crm.since')}</h4>
        <p className={css.text}>
          {t('crm.takenAt')} <When at={preview.taken_at} />
        </p>
      </div>
      <table className={css.table}>
        <thead>
          <tr>
            <th scope="col">{t('crm.table')}</th>
            <th scope="col" className={css.number}>
              {t('crm.then')}
            </th>
            <th scope="col" className={css.number}>
              {t('crm.now')}
            </th>
          </tr>
        </thead>
        <tbody>
          {preview.tables.map(({ table, before, now }) => (
            <tr key={table} data-testid={`undo-table-${table}`}>
              <th scope="row" className="mono">
                {table}
              </th>
              <td className={css.number}>{before === null ? '—' : whole(before, i18n.language)}</td>
              <td className={css.number}>{whole(now, i18n.language)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <div>
        <h4 className={css.heading}>{t('crm.effects')}</h4>
        <ul className={css.effects}>
          {effects.map((effect) => (
            <li key={effect}>{effect}</li>
          ))}
        </ul>
      </div>
      {blocked ? (
        <p className={css.text}>{t('crm.notCompleted')}</p>
      ) : (
        <TextInput
          label={t('crm.type', { name: preview.database })}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          spellCheck={false}
          autoComplete="off"
          data-testid="undo-name"
        />
      )}
      <div className={css.actions}>
        <Button variant="default" onClick={back} data-testid="undo-back">
          {t('back')}
        </Button>
        <Button type="submit" color="red" disabled={blocked || typed !== preview.database} data-testid="undo-submit">
          {t(`crm.${kind}.submit`)}
        </Button>
      </div>
    </form>
  )
}
