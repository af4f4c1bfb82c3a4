/** The product's mark: a watchtower. Drawn here, so that it takes the colour of the text. */
export function Mark({ size = 20 }: { size?: number }) {
  const side = `${size / 16}rem`
  return (
    <svg width={side} height={side} viewBox="0 0 24 24" fill="none" aria-hidden>
      <path
        d="M12 2.5 5.5 6.5h13L12 2.5ZM7 6.5v4.5h10V6.5M8.5 11 6.5 21.5h11L15.5 11M7.6 16h8.8"
        stroke="currentColor"
        strokeWidth="1.6"
        strokeLinejoin="round"
        strokeLinecap="round"
      />
      <circle cx="12" cy="8.8" r="1.35" fill="var(--accent)" />
    </svg>
  )
}
