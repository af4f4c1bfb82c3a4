import { createContext, useContext } from 'react'

type FrameActions = { showShortcuts: () => void; importEnv: () => void; makeKit: () => void }

export const FrameContext = createContext<FrameActions>({
  showShortcuts: () => undefined,
  importEnv: () => undefined,
  makeKit: () => undefined,
})
export const useFrame = (): FrameActions => useContext(FrameContext)
