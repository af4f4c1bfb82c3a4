import { Spotlight } from '@mantine/spotlight'
import { IconSearch } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Keys } from '../look/Keys'
import { usePaletteActions } from './usePaletteActions'
import css from './Palette.module.css'

/** Ctrl+K: any screen, action or tenant; an e-mail, id or IP is looked for in the audit log. */
export function Palette({ lock }: { lock: () => void }) {
  const { t } = useTranslation()
  const [query, setQuery] = useState('')
  const [opened, setOpened] = useState(false)
  const groups = usePaletteActions(query, lock, opened)
  const found = groups.filter((group) => group.actions.length > 0)
  return (
    <Spotlight.Root
      query={query}
      onQueryChange={setQuery}
      onSpotlightOpen={() => setOpened(true)}
      shortcut="mod + K"
      // From anywhere, a field too: the keys type nothing there.
      tagsToIgnore={[]}
      scrollable
      maxHeight={420}
      transitionProps={{ duration: 80 }}
      overlayProps={{ blur: 0, backgroundOpacity: 0.35 }}
      title={t('frame.palette.title')}
      attributes={{ header: { role: 'presentation' } }}
    >
      <Spotlight.Search
        placeholder={t('frame.palette.placeholder')}
        aria-label={t('frame.palette.title')}
        leftSection={<IconSearch size="1rem" aria-hidden />}
        data-testid="palette-search"
      />
      <Spotlight.ActionsList>
        {found.map((group) => (
          <Spotlight.ActionsGroup key={group.id} label={group.label}>
            {group.actions.map((action) => (
              <Spotlight.Action key={action.id} onClick={action.run} data-testid={`palette-${action.id}`}>
                <action.icon size="1rem" stroke={1.6} aria-hidden className="dim" />
                <span className={`cut ${css.label}`}>{action.label}</span>
                {action.keys && <Keys keys={action.keys} />}
              </Spotlight.Action>
            ))}
          </Spotlight.ActionsGroup>
        ))}
        {found.length === 0 && <Spotlight.Empty>{t('frame.palette.nothing')}</Spotlight.Empty>}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  )
}
