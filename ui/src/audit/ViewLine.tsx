import { ActionIcon, UnstyledButton } from '@mantine/core'
import { IconPencil, IconPin, IconPinnedFilled, IconTrash } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { SavedView } from '../backend/types'
import { visibleLine } from '../look/visible'
import css from './ViewsMenu.module.css'

type Props = {
  view: SavedView
  current: boolean
  apply: () => void
  pin: () => void
  edit: () => void
  remove: () => void
}

export function ViewLine({ view, current, apply, pin, edit, remove }: Props) {
  const { t } = useTranslation()
  const name = visibleLine(view.name)
  const act = (what: 'pin' | 'unpin' | 'edit' | 'remove', icon: ReactNode, run: () => void, id: string = what) => (
    <ActionIcon
      size="1.5rem"
      onClick={run}
      aria-label={t(`search.views.${what}`, { name })}
      title={t(`search.views.${what}`, { name })}
      data-testid={`view-${view.id}-${id}`}
    >
      {icon}
    </ActionIcon>
  )
  return (
    <li className={css.line} data-current={current || undefined} data-testid={`view-${view.id}`}>
      <UnstyledButton
        className={css.item}
        onClick={apply}
        aria-current={current || undefined}
        data-testid={`view-${view.id}-apply`}
      >
        <span className={`cut ${css.name}`}>{name}</span>
        {!view.own && view.owner && <span className={`dim cut ${css.owner}`}>{visibleLine(view.owner)}</span>}
        <span className={`mono dim cut ${css.query}`}>{visibleLine(view.query)}</span>
      </UnstyledButton>
      {view.own ? (
        <span className={css.acts}>
          {view.pinned
            ? act('unpin', <IconPinnedFilled size="0.875rem" className={css.pinned} />, pin, 'pin')
            : act('pin', <IconPin size="0.875rem" stroke={1.6} />, pin)}
          {act('edit', <IconPencil size="0.875rem" stroke={1.6} />, edit)}
          {act('remove', <IconTrash size="0.875rem" stroke={1.6} />, remove)}
        </span>
      ) : (
        view.pinned && <IconPinnedFilled size="0.875rem" className={css.pinned} aria-label={t('search.views.pinned')} />
      )}
    </li>
  )
}
