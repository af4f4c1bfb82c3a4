import { useCallback, useState } from 'react'
import type { Progress } from '../backend/types'

/** What a long job reported, one line per step, in the order in which the steps began. */
export function useProgress() {
  const [steps, setSteps] = useState<Progress[]>([])
  const report = useCallback(
    (progress: Progress) =>
      setSteps((before) => {
        const known = before.some((each) => each.step === progress.step)
        return known ? before.map((each) => (each.step === progress.step ? progress : each)) : [...before, progress]
      }),
    [],
  )
  const clear = useCallback(() => setSteps([]), [])
  return { steps, report, clear }
}
