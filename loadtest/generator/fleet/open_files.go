package fleet

import (
	"fmt"
	"syscall"
)

// spareFiles are for everything but the devices' sockets.
const spareFiles = 200

// AllowFiles raises the limit of open files to what so many devices need, or says how it is raised.
func AllowFiles(devices int) error {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		return fmt.Errorf("limit of open files unknown: %w", err)
	}
	wanted := uint64(devices + spareFiles)
	if limit.Cur >= wanted {
		return nil
	}
	raised := syscall.Rlimit{Cur: wanted, Max: max(wanted, limit.Max)}
	if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &raised); err != nil {
		const advice = "%d devices need %d open files and the limit is %d: raise it with ulimit -n %d"
		return fmt.Errorf(advice, devices, wanted, limit.Cur, wanted)
	}
	return nil
}
