import { Button, Popover, UnstyledButton } from '@mantine/core'
import { IconBookmark, IconPlus } from '@tabler/icons-react'
import { useState, type KeyboardEvent, type RefObject } from 'react'
import { useTranslation } from 'react-i18next'
import type { SavedView } from '../backend/types'
import { ErrorNote } from '../look/Panels'
import { visibleLine } from '../look/visible'
import type { AuditAsk } from './useAuditQuery'
import { useViewChanges, useViews } from './useViews'
import { ViewDialog, type ViewEdit } from './ViewDialog'
import { ViewLine } from './ViewLine'
import { ViewRemove } from './ViewRemove'
import css from './ViewsMenu.module.css'

type Props = { ask: AuditAsk; button: RefObject<HTMLButtonElement | null> }

const draftOf = ({ id, name, query, shared, pinned }: SavedView): ViewEdit => ({ id, name, query, shared, pinned })

/** Saved views: to apply, to keep the query of the screen as one, and to look after one's own. */
export function ViewsMenu({ ask, button }: Props) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const [edit, setEdit] = useState<ViewEdit | null>(null)
  const [gone, setGone] = useState<SavedView | null>(null)
  const views = useViews()
  const { save } = useViewChanges()
  const all = views.data ?? []
  const current = all.find((view) => view.query === ask.text && ask.text !== '')
  // The view that the query was before it was narrowed.
  const origin = current ? undefined : all.find((view) => view.own && view.query === ask.previous && ask.text !== '')
  const close = (then: () => void) => {
    setOpen(false)
    then()
  }
  const walk = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
    const stops = [...event.currentTarget.querySelectorAll<HTMLElement>('button:not(:disabled)')]
    const at = stops.indexOf(document.activeElement as HTMLElement)
    stops[(at + (event.key === 'ArrowDown' ? 1 : -1) + stops.length) % stops.length]?.focus()
    event.preventDefault()
    event.stopPropagation()
  }
  const group = (label: string, list: SavedView[]) =>
    list.length > 0 && (
      <section aria-label={label}>
        <div className={css.group}>{label}</div>
        <ul className={css.list}>
          {list.map((view) => (
            <ViewLine
              key={view.id}
              view={view}
              current={view === current}
              apply={() => close(() => ask.apply(view.query))}
              pin={() => save.mutate({ ...draftOf(view), pinned: !view.pinned })}
              edit={() => close(() => setEdit(draftOf(view)))}
              remove={() => close(() => setGone(view))}
            />
          ))}
        </ul>
      </section>
    )
  return (
    <>
      <Popover
        opened={open}
        onChange={setOpen}
        position="bottom-end"
        width={400}
        trapFocus
        returnFocus
        withinPortal
        withRoles={false}
      >
        <Popover.Target>
          <Button
            ref={button}
            variant="default"
            leftSection={<IconBookmark size="0.9375rem" stroke={1.6} aria-hidden />}
            onClick={() => {
              save.reset()
              setOpen((was) => !was)
            }}
            aria-expanded={open}
            aria-haspopup="dialog"
            title={`${t('search.views.title')} (v)`}
            data-testid="views"
          >
            <span className={`cut ${css.current}`}>
              {current ? visibleLine(current.name) : t('search.views.title')}
            </span>
          </Button>
        </Popover.Target>
        <Popover.Dropdown p={6} role="dialog" aria-label={t('search.views.title')}>
          <div onKeyDown={walk}>
            <div className={css.scroll}>
              {views.isError && <ErrorNote error={views.error} />}
              {save.isError && <ErrorNote error={save.error} />}
              {group(
                t('search.views.own'),
                all.filter((view) => view.own && !view.shared),
              )}
              {group(
                t('search.views.shared'),
                all.filter((view) => view.shared || !view.own),
              )}
              {views.data && all.length === 0 && <p className={css.none}>{t('search.views.none')}</p>}
            </div>
            <div className={css.foot}>
              {origin && (
                <UnstyledButton
                  className={css.act}
                  disabled={save.isPending}
                  // Open until it is done: what goes wrong is said here.
                  onClick={() =>
                    save.mutate({ ...draftOf(origin), query: ask.text }, { onSuccess: () => setOpen(false) })
                  }
                  data-testid="view-update"
                >
                  {t('search.views.update', { name: visibleLine(origin.name) })}
                </UnstyledButton>
              )}
              <UnstyledButton
                className={css.act}
                disabled={ask.text === ''}
                onClick={() =>
                  close(() => setEdit({ id: null, name: '', query: ask.text, shared: false, pinned: false }))
                }
                data-testid="view-new"
              >
                <IconPlus size="0.875rem" aria-hidden />
                {t('search.views.new')}
              </UnstyledButton>
            </div>
          </div>
        </Popover.Dropdown>
      </Popover>
      {edit && <ViewDialog edit={edit} close={() => setEdit(null)} />}
      {gone && <ViewRemove view={gone} close={() => setGone(null)} />}
    </>
  )
}
