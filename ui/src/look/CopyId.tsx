import { ActionIcon, CopyButton, Tooltip } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { shortId, visibleLine } from './visible'
import css from './CopyId.module.css'

/** A value in mono with a copy button. `short` cuts ids to what tells them apart. */
export function CopyId({ value, short = false }: { value: string; short?: boolean }) {
  const { t } = useTranslation()
  const shown = visibleLine(value)
  return (
    <span className={css.line}>
      <span className={`mono ${css.value}`} title={short ? shown : undefined}>
        {short ? shortId(shown) : shown}
      </span>
      <CopyButton value={value} timeout={1500}>
        {({ copied, copy }) => (
          <Tooltip label={copied ? t('copied') : t('copy')}>
            <ActionIcon
              size="1.25rem"
              onClick={copy}
              aria-label={`${t(copied ? 'copied' : 'copy')}: ${shortId(shown)}`}
            >
              {copied ? <IconCheck size="0.8125rem" /> : <IconCopy size="0.8125rem" />}
            </ActionIcon>
          </Tooltip>
        )}
      </CopyButton>
    </span>
  )
}
