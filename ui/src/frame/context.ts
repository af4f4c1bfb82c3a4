import { createContext, useContext } from 'react'

type FrameActions = { showShortcuts: () => void; importEnv: () => void }

export const FrameContext = createContext<FrameActions>({ showShortcuts: () => undefined, importEnv: () => undefined })
export const useFrame = (): FrameActions => useContext(FrameContext)
