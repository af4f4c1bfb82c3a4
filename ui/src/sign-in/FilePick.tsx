import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { chooseFile } from '../backend/files'
import { ErrorNote } from '../look/Panels'
import css from './Restore.module.css'

type Props = {
  purpose: 'ca' | 'env' | 'kit'
  label: string
  hint?: string
  file: string | null
  pick: (file: string) => void
  testId: string
  /** What holds while no file is chosen. */
  empty?: string
}

/** A file chosen through the native dialog. Only its path is known here, never its content. */
export function FilePick({ purpose, label, hint, file, pick, testId, empty }: Props) {
  const { t } = useTranslation()
  const [error, setError] = useState<unknown>(null)
  const choose = async () => {
    try {
      setError(null)
      const chosen = await chooseFile(purpose)
      if (chosen !== null) pick(chosen)
    } catch (reason) {
      setError(reason)
    }
  }
  return (
    <div className={css.file}>
      <span className={css.fileLabel} id={`${testId}-label`}>
        {label}
      </span>
      <span className={css.fileLine}>
        <Button
          variant="default"
          onClick={() => void choose()}
          aria-describedby={`${testId}-label`}
          data-testid={testId}
        >
          {t('signIn.kit.chooseFile')}
        </Button>
        <span className={`cut ${file ? 'mono' : 'dim'}`}>{file ?? empty ?? t('signIn.kit.noFile')}</span>
      </span>
      {hint && <span className="dim">{hint}</span>}
      {error !== null && <ErrorNote error={error} />}
    </div>
  )
}
