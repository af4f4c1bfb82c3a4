import { Button, Checkbox } from '@mantine/core'
import { IconDeviceFloppy, IconPrinter } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { KitChallenge } from '../backend/types'
import { KitSave } from './KitSave'
import { StepActions, StepPage } from './StepPage'
import css from './Kit.module.css'

type Props = { challenge: KitChallenge; name: string; next: () => void }

export function KitShow({ challenge, name, next }: Props) {
  const { t } = useTranslation()
  const k = (key: string) => t(`firstRun.kit.${key}`)
  const [stored, setStored] = useState(false)
  const [saving, setSaving] = useState(false)
  return (
    <StepPage title={k('title')} text={k('text')}>
      <div className={css.printHead}>
        <strong>{k('printTitle')}</strong>
        <p>{t('firstRun.kit.printNote', { name })}</p>
      </div>
      <div className={css.kit}>
        <ol className={css.words} aria-label={k('words')} data-testid="kit-words">
          {challenge.words.map((word, index) => (
            <li key={index} className={css.word}>
              <span className={css.number}>{index + 1}</span>
              <span className="mono" data-testid={`kit-shown-${index + 1}`}>
                {word}
              </span>
            </li>
          ))}
        </ol>
        <img
          className={css.qr}
          src={`data:image/svg+xml;utf8,${encodeURIComponent(challenge.qr_svg)}`}
          alt={k('qr')}
          width={168}
          height={168}
        />
      </div>
      <p className={css.advice}>{k('advice')}</p>
      <div className={css.tools}>
        <Button
          variant="default"
          leftSection={<IconPrinter size="0.9375rem" aria-hidden />}
          onClick={() => window.print()}
          data-testid="kit-print"
        >
          {k('print')}
        </Button>
        <Button
          variant="default"
          leftSection={<IconDeviceFloppy size="0.9375rem" aria-hidden />}
          onClick={() => setSaving(true)}
          data-testid="kit-save"
        >
          {k('save')}
        </Button>
      </div>
      {saving && <KitSave />}
      <StepActions>
        <Checkbox
          label={k('stored')}
          checked={stored}
          onChange={(event) => setStored(event.currentTarget.checked)}
          data-testid="kit-stored"
        />
        <Button disabled={!stored} onClick={next} data-testid="kit-next">
          {t('next')}
        </Button>
      </StepActions>
    </StepPage>
  )
}
